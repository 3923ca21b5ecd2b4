import COpenBLAS

/// The eigenvalues and orthonormal eigenvectors of a symmetric matrix, A = V·diag(λ)·Vᵀ.
public struct SymmetricEigendecomposition: Sendable, Equatable {
  /// The eigenvalues λ, ascending.
  public let values: [Double]

  /// The eigenvectors V, n × n: column k belongs to `values[k]`.
  public let vectors: Matrix

  /// Decomposes a symmetric matrix, of which only the lower triangle is read.
  ///
  /// - Throws: `notFinite` when the lower triangle holds a NaN or an infinity; `notConverged` when LAPACK gives up.
  /// - Complexity: about 9n³ flops (dsyevd, divide and conquer).
  public init(_ matrix: Matrix) throws(LinearAlgebraError) {
    precondition(matrix.isSquare, "Only a square matrix has eigenvectors")
    guard matrix.hasFiniteLowerTriangle else { throw .notFinite }
    let n = matrix.rows
    var vectors = matrix
    var values = [Double](repeating: 0, count: n)
    if n > 0 {
      _ = singleThreadedBLAS
      let order = blasExtent(n)
      // The documented minimum for dsyevd with vectors.
      var work = [Double](repeating: 0, count: 1 + 6 * n + 2 * n * n)
      var integerWork = [Int32](repeating: 0, count: 3 + 5 * n)
      let (workCount, integerWorkCount) = (Int32(work.count), Int32(integerWork.count))
      let info = vectors.withUnsafeMutableElements { a in
        LAPACKE_dsyevd_work(
          LAPACK_COL_MAJOR, CChar(UInt8(ascii: "V")), lowerTriangle, order, a.baseAddress, order, &values, &work,
          workCount, &integerWork, integerWorkCount)
      }
      guard info == 0 else { throw .notConverged }
    }
    self.values = values
    self.vectors = vectors
  }
}
