import NumericalMethods

/// Refuses data that no problem can be made of, so that what computes later may rely on its shape.
enum DataChecks {
  /// A design matrix with at least one row and column, all finite, and as many targets as rows.
  static func design(_ design: Matrix, targets: Int, of what: String) throws(BilevelError) {
    guard design.rows > 0, design.columns > 0 else { throw .invalidData("The \(what) data are empty.") }
    guard targets == design.rows else {
      throw .invalidData("The \(what) data have \(design.rows) rows but \(targets) targets.")
    }
    guard design.isFinite else { throw .notFinite("the \(what) data") }
  }

  /// Numbers without NaN or infinity.
  static func finite(_ values: [Double], _ what: String) throws(BilevelError) {
    guard values.allSatisfy(\.isFinite) else { throw .notFinite(what) }
  }

  /// Labels of two classes, −1 and 1.
  static func signs(_ labels: [Double]) throws(BilevelError) {
    guard labels.allSatisfy({ $0 == 1 || $0 == -1 }) else { throw .invalidData("Labels of two classes are −1 and 1.") }
  }

  /// Labels of k ≥ 2 classes, 0 to k − 1.
  static func classes(_ labels: [Int], count: Int) throws(BilevelError) {
    guard count >= 2 else { throw .invalidData("There are at least two classes.") }
    guard labels.allSatisfy({ $0 >= 0 && $0 < count }) else {
      throw .invalidData("Labels of \(count) classes are 0 to \(count - 1).")
    }
  }
}
