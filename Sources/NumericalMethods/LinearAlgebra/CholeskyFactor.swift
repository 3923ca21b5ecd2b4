import COpenBLAS
import Foundation

/// The lower triangular L with L·Lᵀ = A + jitter·I of a symmetric positive definite matrix A.
public struct CholeskyFactor: Sendable, Equatable {
  /// The factor L, n × n, with zeros above the diagonal.
  public let lower: Matrix

  /// What was added to each element of the diagonal of A; 0 when A needed nothing.
  public let jitter: Double

  /// The order n of the matrix.
  public var order: Int { lower.rows }

  init(lower: Matrix, jitter: Double) {
    self.lower = lower
    self.jitter = jitter
  }

  /// Factors a symmetric matrix, of which only the lower triangle is read.
  ///
  /// - Parameters:
  ///   - matrix: n × n.
  ///   - ladder: what to add to the diagonal when the matrix is not numerically positive definite.
  /// - Throws: `notFinite` when the lower triangle holds a NaN or an infinity; `notPositiveDefinite` with the pivot of the
  ///   last attempt when every step of the ladder failed.
  /// - Complexity: n³/3 flops per step tried.
  public init(_ matrix: Matrix, jitter ladder: JitterLadder = .none) throws(LinearAlgebraError) {
    try self.init(jitter: ladder) { matrix }
  }

  /// Factors a symmetric matrix that is made for the purpose, where it stands and without a copy.
  ///
  /// - Parameters:
  ///   - ladder: what to add to the diagonal when the matrix is not numerically positive definite.
  ///   - make: makes the matrix, n × n, of which the lower triangle is read; once for each step of the ladder.
  /// - Throws: as above.
  public init(jitter ladder: JitterLadder = .none, making make: () -> Matrix) throws(LinearAlgebraError) {
    var failure = LinearAlgebraError.notPositiveDefinite(pivot: 0)
    for (index, step) in ladder.steps.enumerated() {
      var attempt = make()
      precondition(attempt.isSquare, "Only a square matrix has a Cholesky factor")
      // What is not finite fails by itself, at some pivot; only then is it worth looking for.
      if index == 1, !attempt.hasFiniteLowerTriangle { throw .notFinite }
      let jitter = step == 0 ? 0 : step * attempt.meanDiagonal
      if jitter != 0 { attempt.addToDiagonal(jitter) }
      do throws(LinearAlgebraError) {
        try attempt.factorLowerTriangle()
        self.init(lower: attempt, jitter: jitter)
        return
      } catch {
        failure = error
      }
    }
    if ladder.steps.count == 1, !make().hasFiniteLowerTriangle { throw .notFinite }
    throw failure
  }

  /// The logarithm of the determinant of A + jitter·I.
  public var logDeterminant: Double { 2 * lower.diagonal.reduce(0) { $0 + log($1) } }

  /// The factor of the leading principal block of A, of this order.
  public func leading(_ count: Int) -> CholeskyFactor {
    CholeskyFactor(lower: lower.submatrix(rows: 0..<count, columns: 0..<count), jitter: jitter)
  }

  /// The inverse of A + jitter·I, n × n and symmetric to the last bit.
  ///
  /// - Complexity: 2n³/3 flops.
  public func inverse() -> Matrix {
    guard order > 0 else { return lower }
    _ = singleThreadedBLAS
    var result = lower
    let n = blasExtent(order)
    let info = result.withUnsafeMutableElements { a in
      LAPACKE_dpotri_work(LAPACK_COL_MAJOR, lowerTriangle, n, a.baseAddress, n)
    }
    // The diagonal of a factor is positive by construction, which is all that dpotri can object to.
    precondition(info == 0, "LAPACK refused a valid Cholesky factor")
    result.mirrorLowerTriangle()
    return result
  }
}
