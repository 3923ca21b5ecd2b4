import COpenBLAS

extension Matrix {
  /// The eigenvalues of a symmetric matrix, ascending; only the lower triangle is read.
  ///
  /// - Throws: `notFinite` when the lower triangle holds a NaN or an infinity; `notConverged` when LAPACK gives up.
  /// - Complexity: 4n³/3 flops (dsyevd without vectors).
  public func symmetricEigenvalues() throws(LinearAlgebraError) -> [Double] {
    precondition(isSquare, "Only a square matrix has eigenvalues")
    guard hasFiniteLowerTriangle else { throw .notFinite }
    let n = rows
    guard n > 0 else { return [] }
    _ = singleThreadedBLAS
    var copy = self
    var values = [Double](repeating: 0, count: n)
    // The documented minimum for dsyevd without vectors.
    var work = [Double](repeating: 0, count: 2 * n + 1)
    var integerWork: [Int32] = [0]
    let (workCount, integerWorkCount) = (Int32(work.count), Int32(integerWork.count))
    let info = copy.withUnsafeMutableElements { a in
      LAPACKE_dsyevd_work(
        LAPACK_COL_MAJOR, CChar(UInt8(ascii: "N")), lowerTriangle, blasExtent(n), a.baseAddress, blasExtent(n), &values,
        &work, workCount, &integerWork, integerWorkCount)
    }
    guard info == 0 else { throw .notConverged }
    return values
  }
}
