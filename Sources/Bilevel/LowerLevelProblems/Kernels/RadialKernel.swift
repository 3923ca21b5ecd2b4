import Foundation
import NumericalMethods

/// The squared distances between two sets of points, from which the kernel exp(−γ·d²) follows for any γ.
struct RadialKernel: Sendable {
  /// The squared distances, n × m.
  let squaredDistances: Matrix

  /// The distances between the rows of two matrices with equally many columns.
  init(_ left: Matrix, _ right: Matrix) {
    var distances = left.multiplying(right, transposing: .right)
    let (n, m) = (left.rows, right.rows)
    let (leftNorms, rightNorms) = (left.squaredRowNorms, right.squaredRowNorms)
    distances.withUnsafeMutableElements { d in
      for j in 0..<m {
        // Rounding may leave a little less than nothing.
        for i in 0..<n { d[i + j * n] = max(0, leftNorms[i] + rightNorms[j] - 2 * d[i + j * n]) }
      }
    }
    squaredDistances = distances
  }

  /// The kernel matrix exp(−γ·d²), n × m.
  func matrix(_ gamma: Double) -> Matrix { squaredDistances.map { exp(-gamma * $0) } }

  /// The derivative of a kernel matrix by log γ, −γ·d²∘K.
  func slope(_ kernel: Matrix, gamma: Double) -> Matrix { squaredDistances.combining(kernel) { -gamma * $0 * $1 } }
}

extension Matrix {
  /// The squared Euclidean norm of each row.
  var squaredRowNorms: [Double] {
    var squares = [Double](repeating: 0, count: rows)
    map { $0 * $0 }.sumRows(into: &squares)
    return squares
  }
}
