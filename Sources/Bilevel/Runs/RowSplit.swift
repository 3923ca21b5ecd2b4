import TuningModel

/// Which rows of a table train, validate and test.
public enum RowSplit: Hashable, Sendable {
  /// The row's number modulo 3: 0 trains, 1 validates, 2 tests.
  case mod3
  /// Shares of training and validation, drawn at random; the rest tests.
  case shares(training: Double, validation: Double)
  /// K folds for cross-validation by the row's number modulo K + 1; those with the remainder K test.
  case folds(Int)

  /// The rows of one fold.
  public struct Part: Hashable, Sendable {
    /// The rows that train.
    public var training: [Int]
    /// The rows that judge the training.
    public var validation: [Int]
  }

  /// The folds, and the rows that test and stop nothing.
  ///
  /// - Parameters:
  ///   - rows: the number of rows.
  ///   - seed: of the shares' draw.
  /// - Throws: `invalidData` where a part is left without rows.
  public func parts(of rows: Int, seed: UInt64) throws(BilevelError) -> (folds: [Part], test: [Int]) {
    var folds: [Part] = []
    var test: [Int] = []
    switch self {
    case .mod3:
      let part = { (k: Int) in (0..<rows).filter { $0 % 3 == k } }
      folds = [Part(training: part(0), validation: part(1))]
      test = part(2)
    case .shares(let training, let validation):
      guard training > 0, validation > 0, training + validation < 1 else {
        throw .invalidData("Shares of training and validation are above 0 and leave some rows for the test.")
      }
      var random = RandomStream(seed: seed, trial: 0, purpose: .design)
      let order = Array(0..<rows).shuffled(using: &random)
      let (first, second) = (Int((training * Double(rows)).rounded()), Int((validation * Double(rows)).rounded()))
      folds = [
        Part(
          training: order.prefix(first).sorted(), validation: order.dropFirst(first).prefix(second).sorted())
      ]
      test = order.dropFirst(first + second).sorted()
    case .folds(let count):
      guard (2...100).contains(count) else { throw .invalidData("There are 2 to 100 folds.") }
      let others = (0..<rows).filter { $0 % (count + 1) != count }
      folds = (0..<count).map { k in
        Part(
          training: others.filter { $0 % (count + 1) != k }, validation: others.filter { $0 % (count + 1) == k })
      }
      test = (0..<rows).filter { $0 % (count + 1) == count }
    }
    for fold in folds where fold.training.count < 2 || fold.validation.isEmpty || test.isEmpty {
      throw .invalidData(
        "There are too few rows: of \(rows), \(fold.training.count) would train, \(fold.validation.count) validate and \(test.count) test."
      )
    }
    return (folds, test)
  }
}
