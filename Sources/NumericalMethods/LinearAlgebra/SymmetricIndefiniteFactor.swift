import COpenBLAS

/// The Bunch–Kaufman factorisation of a symmetric matrix that need not be definite.
struct SymmetricIndefiniteFactor: Sendable {
  private let factors: Matrix
  private let pivots: [Int32]

  /// Factors a symmetric matrix, of which only the lower triangle is read; nil when it is singular or not finite.
  init?(_ matrix: Matrix) {
    precondition(matrix.isSquare, "Only a square matrix can be factored")
    guard matrix.hasFiniteLowerTriangle else { return nil }
    let n = matrix.rows
    var factors = matrix
    var pivots = [Int32](repeating: 0, count: n)
    if n > 0 {
      _ = singleThreadedBLAS
      var work = [Double](repeating: 0, count: 32 * n)
      let (order, workCount) = (blasExtent(n), Int32(work.count))
      let info = factors.withUnsafeMutableElements { a in
        LAPACKE_dsytrf_work(LAPACK_COL_MAJOR, lowerTriangle, order, a.baseAddress, order, &pivots, &work, workCount)
      }
      guard info == 0, factors.isFinite else { return nil }
    }
    self.factors = factors
    self.pivots = pivots
  }

  /// The solution x of A·x = b.
  func solve(_ b: [Double]) -> [Double] {
    precondition(b.count == factors.rows, "The right-hand side must fit")
    guard !b.isEmpty else { return b }
    _ = singleThreadedBLAS
    var solution = b
    let order = blasExtent(factors.rows)
    let info = factors.withUnsafeElements { a in
      LAPACKE_dsytrs_work(
        LAPACK_COL_MAJOR, lowerTriangle, order, 1, a.baseAddress, order, pivots, &solution, order)
    }
    precondition(info == 0, "LAPACK refused a valid factorisation")
    return solution
  }
}
