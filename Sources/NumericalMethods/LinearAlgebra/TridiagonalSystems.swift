import COpenBLAS

/// Solves A·x = b for a symmetric positive definite tridiagonal matrix A.
///
/// - Parameters:
///   - diagonal: the n elements of the diagonal.
///   - offDiagonal: the n − 1 elements beside it (none for n = 0).
///   - b: n numbers.
/// - Throws: `notFinite` when the matrix holds a NaN or an infinity; `notPositiveDefinite` with the pivot.
/// - Complexity: O(n).
public func solveTridiagonal(
  diagonal: [Double], offDiagonal: [Double], _ b: [Double]
) throws(LinearAlgebraError) -> [Double] {
  let n = diagonal.count
  precondition(b.count == n && offDiagonal.count == max(0, n - 1), "The parts of a system must fit")
  guard n > 0 else { return [] }
  // 0·x is 0 for every finite x and NaN otherwise.
  guard (diagonal.reduce(0) { $0 + 0 * $1 }) == 0, (offDiagonal.reduce(0) { $0 + 0 * $1 }) == 0 else {
    throw .notFinite
  }
  _ = singleThreadedBLAS
  var (d, e, x) = (diagonal, offDiagonal + [0], b)
  let info = LAPACKE_dptsv_work(LAPACK_COL_MAJOR, blasExtent(n), 1, &d, &e, &x, blasExtent(n))
  guard info == 0 else { throw .notPositiveDefinite(pivot: Int(info) - 1) }
  return x
}
