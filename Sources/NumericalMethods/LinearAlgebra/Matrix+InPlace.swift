import COpenBLAS

extension Matrix {
  /// Replaces this matrix C by α·op(A)·op(B) + β·C, without allocating.
  ///
  /// With β = 0 the old contents are not read, so they may be anything.
  /// - Parameters:
  ///   - alpha: the factor α of the product.
  ///   - a: the left factor.
  ///   - b: the right factor.
  ///   - transposed: which factors are taken transposed.
  ///   - beta: the factor β of the old contents.
  public mutating func gemm(
    alpha: Double = 1, _ a: Matrix, _ b: Matrix, transposing transposed: Factors = [], beta: Double = 0
  ) {
    let (m, leftInner) = transposed.contains(.left) ? (a.columns, a.rows) : (a.rows, a.columns)
    let (rightInner, n) = transposed.contains(.right) ? (b.columns, b.rows) : (b.rows, b.columns)
    precondition(leftInner == rightInner && m == rows && n == columns, "The factors of a product must fit")
    guard m > 0, n > 0 else { return }
    guard leftInner > 0 else { return scale(by: beta) }
    _ = singleThreadedBLAS
    a.withUnsafeElements { left in
      b.withUnsafeElements { right in
        withUnsafeMutableElements { target in
          cblas_dgemm(
            CblasColMajor, transposed.contains(.left) ? CblasTrans : CblasNoTrans,
            transposed.contains(.right) ? CblasTrans : CblasNoTrans, blasExtent(m), blasExtent(n),
            blasExtent(leftInner), alpha, left.baseAddress, leadingDimension(a.rows), right.baseAddress,
            leadingDimension(b.rows), beta, target.baseAddress, leadingDimension(m))
        }
      }
    }
  }

  /// Adds α·X to this matrix, without allocating.
  public mutating func axpy(_ alpha: Double, _ x: Matrix) {
    precondition(x.rows == rows && x.columns == columns, "The matrices must have the same shape")
    guard !x.elements.isEmpty else { return }
    _ = singleThreadedBLAS
    x.withUnsafeElements { x in
      withUnsafeMutableElements { y in
        cblas_daxpy(blasExtent(x.count), alpha, x.baseAddress, 1, y.baseAddress, 1)
      }
    }
  }

  /// Adds α·x·yᵀ to this matrix, without allocating.
  ///
  /// - Parameters:
  ///   - alpha: the factor.
  ///   - x: `rows` values.
  ///   - y: `columns` values.
  public mutating func ger(_ alpha: Double, _ x: [Double], _ y: [Double]) {
    precondition(x.count == rows && y.count == columns, "The vectors must fit the matrix")
    guard rows > 0, columns > 0 else { return }
    _ = singleThreadedBLAS
    let (m, n) = (rows, columns)
    withUnsafeMutableElements { a in
      cblas_dger(
        CblasColMajor, blasExtent(m), blasExtent(n), alpha, x, 1, y, 1, a.baseAddress, leadingDimension(m))
    }
  }

  /// Multiplies every element by a number, without allocating; a factor of 0 clears whatever was there.
  public mutating func scale(by factor: Double) {
    withUnsafeMutableElements { target in
      if factor == 0 {
        target.update(repeating: 0)
      } else {
        for k in target.indices { target[k] *= factor }
      }
    }
  }
}
