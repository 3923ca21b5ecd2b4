import COpenBLAS

/// LAPACK's name for the lower triangle.
let lowerTriangle = CChar(UInt8(ascii: "L"))

extension Matrix {
  /// Whether the triangle on and below the diagonal holds no NaN and no infinity.
  var hasFiniteLowerTriangle: Bool {
    withUnsafeElements { source in
      (0..<columns).allSatisfy { j in
        var sum = 0.0
        for k in j * rows + j..<(j + 1) * rows { sum += 0 * source[k] }
        return sum == 0
      }
    }
  }

  /// The mean of the diagonal, scaled so that no sum overflows; 0 for the empty matrix.
  var meanDiagonal: Double { diagonal.reduce(0) { $0 + $1 / Double(rows) } }

  /// Replaces a finite symmetric matrix, given by its lower triangle, by its lower Cholesky factor.
  ///
  /// The contents are unspecified after an error.
  mutating func factorLowerTriangle() throws(LinearAlgebraError) {
    let n = rows
    guard n > 0 else { return }
    _ = singleThreadedBLAS
    let info = withUnsafeMutableElements { a in
      LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, lowerTriangle, blasExtent(n), a.baseAddress, blasExtent(n))
    }
    guard info == 0 else { throw .notPositiveDefinite(pivot: Int(info) - 1) }
    // OpenBLAS compares a pivot with zero only, so a NaN born of an overflow passes it.
    if let pivot = diagonal.firstIndex(where: { !($0 > 0 && $0.isFinite) }) {
      throw .notPositiveDefinite(pivot: pivot)
    }
    withUnsafeMutableElements { a in
      for j in 1..<max(1, n) { a.baseAddress?.advanced(by: j * n).update(repeating: 0, count: j) }
    }
  }
}
