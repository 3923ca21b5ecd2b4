import NumericalMethods

/// Solves A·x = b by Cholesky for a symmetric positive definite A, of which the lower triangle is read.
///
/// - Throws: `singular` or `notFinite`.
func solvePositiveDefinite(_ a: Matrix, _ b: [Double]) throws(BilevelError) -> [Double] {
  do {
    return try CholeskyFactor(a).solve(b)
  } catch LinearAlgebraError.notFinite {
    throw .notFinite("the Hessian")
  } catch {
    throw .singular
  }
}

extension Matrix {
  /// The greatest number of variables for which Hessians are made whole: 2,000 take 32 MB and a second or so to factor.
  static let largestDenseOrder = 2_000

  /// The matrix with a vector added to its diagonal.
  func addingToDiagonal(_ values: [Double]) -> Matrix {
    precondition(isSquare && values.count == rows, "There is one value for each element of the diagonal")
    var sum = self
    for j in values.indices { sum[j, j] += values[j] }
    return sum
  }
}
