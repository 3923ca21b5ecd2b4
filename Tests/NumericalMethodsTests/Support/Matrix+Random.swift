import NumericalMethods
import TestSupport

extension Matrix {
  /// A matrix of values uniform in [-1, 1).
  static func random(_ rows: Int, _ columns: Int, using generator: inout SplitMix64) -> Matrix {
    Matrix(
      rows: rows, columns: columns,
      elements: (0..<rows * columns).map { _ in Double.random(in: -1..<1, using: &generator) })
  }

  /// A well-conditioned symmetric positive definite matrix.
  static func randomPositiveDefinite(_ n: Int, using generator: inout SplitMix64) -> Matrix {
    var result = random(n, n + 3, using: &generator).gram(of: .rows)
    result.addToDiagonal(0.5)
    return result
  }

  /// The product by its definition, one sum per element.
  func naiveProduct(_ other: Matrix) -> Matrix {
    var result = Matrix(rows: rows, columns: other.columns)
    for i in 0..<rows {
      for j in 0..<other.columns {
        result[i, j] = (0..<columns).reduce(0.0) { $0 + self[i, $1] * other[$1, j] }
      }
    }
    return result
  }

  /// The largest absolute difference of elements; infinite when the shapes differ, NaN where one is NaN.
  func distance(to other: Matrix) -> Double {
    guard rows == other.rows, columns == other.columns else { return .infinity }
    return zip(elements, other.elements).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
  }
}

/// The largest absolute difference of two vectors; infinite when their lengths differ.
func distance(_ x: [Double], _ y: [Double]) -> Double {
  guard x.count == y.count else { return .infinity }
  return zip(x, y).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
}
