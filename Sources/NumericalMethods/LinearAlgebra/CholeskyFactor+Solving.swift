import COpenBLAS

extension CholeskyFactor {
  /// The solution X of (A + jitter·I)·X = B.
  ///
  /// - Parameter b: n × k.
  /// - Complexity: 2n²k flops.
  public func solve(_ b: Matrix) -> Matrix {
    precondition(b.rows == order, "The right-hand side must fit")
    var solution = b
    solution.withUnsafeMutableElements { solve($0, columns: b.columns) }
    return solution
  }

  /// The solution x of (A + jitter·I)·x = b.
  public func solve(_ b: [Double]) -> [Double] {
    precondition(b.count == order, "The right-hand side must fit")
    var solution = b
    solution.withUnsafeMutableBufferPointer { solve($0, columns: 1) }
    return solution
  }

  /// The solution L⁻¹B.
  ///
  /// - Parameter b: n × k.
  /// - Complexity: n²k flops.
  public func solveLower(_ b: Matrix) -> Matrix { triangular(b, CblasNoTrans, solving: true) }

  /// The solution L⁻¹b.
  public func solveLower(_ b: [Double]) -> [Double] { triangular(b, CblasNoTrans, solving: true) }

  /// The solution L⁻ᵀB.
  ///
  /// - Parameter b: n × k.
  /// - Complexity: n²k flops.
  public func solveLowerTransposed(_ b: Matrix) -> Matrix { triangular(b, CblasTrans, solving: true) }

  /// The solution L⁻ᵀb.
  public func solveLowerTransposed(_ b: [Double]) -> [Double] { triangular(b, CblasTrans, solving: true) }

  /// The product L·B, which turns independent standard normals into draws with covariance A.
  public func multiplyLower(_ b: Matrix) -> Matrix { triangular(b, CblasNoTrans, solving: false) }

  /// The product L·b.
  public func multiplyLower(_ b: [Double]) -> [Double] { triangular(b, CblasNoTrans, solving: false) }

  /// The quadratic form bᵀ(A + jitter·I)⁻¹b, never negative.
  public func inverseQuadraticForm(_ b: [Double]) -> Double {
    let whitened = solveLower(b)
    return dot(whitened, whitened)
  }

  private func solve(_ b: UnsafeMutableBufferPointer<Double>, columns: Int) {
    guard !b.isEmpty else { return }
    _ = singleThreadedBLAS
    let n = blasExtent(order)
    let info = lower.withUnsafeElements { l in
      LAPACKE_dpotrs_work(
        LAPACK_COL_MAJOR, lowerTriangle, n, blasExtent(columns), l.baseAddress, n, b.baseAddress, n)
    }
    precondition(info == 0, "LAPACK refused a valid Cholesky factor")
  }

  private func triangular(_ b: Matrix, _ operation: CBLAS_TRANSPOSE, solving: Bool) -> Matrix {
    precondition(b.rows == order, "The right-hand side must fit")
    guard !b.elements.isEmpty else { return b }
    _ = singleThreadedBLAS
    var result = b
    let (n, k) = (blasExtent(order), blasExtent(b.columns))
    lower.withUnsafeElements { l in
      result.withUnsafeMutableElements { x in
        let routine = solving ? cblas_dtrsm : cblas_dtrmm
        routine(
          CblasColMajor, CblasLeft, CblasLower, operation, CblasNonUnit, n, k, 1, l.baseAddress, n, x.baseAddress, n)
      }
    }
    return result
  }

  private func triangular(_ b: [Double], _ operation: CBLAS_TRANSPOSE, solving: Bool) -> [Double] {
    precondition(b.count == order, "The right-hand side must fit")
    guard !b.isEmpty else { return b }
    _ = singleThreadedBLAS
    var result = b
    let n = blasExtent(order)
    lower.withUnsafeElements { l in
      let routine = solving ? cblas_dtrsv : cblas_dtrmv
      routine(CblasColMajor, CblasLower, operation, CblasNonUnit, n, l.baseAddress, n, &result, 1)
    }
    return result
  }
}
