import NumericalMethods

/// Inputs as one matrix of numbers: the real features, and an indicator for every level that was seen.
///
/// Indicators are 0 or √½, so that different levels of a dimension are at distance 1, as in the kernel. "Inactive" is a
/// level too; one that was not seen has no indicator.
struct RegressionFeatures: Sendable {
  /// The number of real features p, which come first.
  let realCount: Int
  /// For each categorical dimension the levels seen, ascending.
  let levels: [[Int32]]
  /// For each indicator the index of its categorical dimension.
  let indicatorDimensions: [Int]

  /// The number of columns q.
  var count: Int { realCount + indicatorDimensions.count }

  static let indicator = 0.5.squareRoot()

  init(_ inputs: Inputs) {
    realCount = inputs.layout.featureCount
    levels = inputs.levels.map { Set($0).sorted() }
    indicatorDimensions = levels.enumerated().flatMap { index, seen in Array(repeating: index, count: seen.count) }
  }

  /// The matrix of n points, [n, q].
  func matrix(_ inputs: Inputs) -> Matrix {
    let n = inputs.count
    return Matrix(rows: n, columns: count) { target in
      inputs.features.withUnsafeElements { source in
        for index in 0..<n * realCount { target[index] = source[index] }
      }
      var next = n * realCount
      for (column, seen) in zip(inputs.levels, levels) {
        for level in seen {
          for i in 0..<n { target[next + i] = column[i] == level ? Self.indicator : 0 }
          next += n
        }
      }
    }
  }
}
