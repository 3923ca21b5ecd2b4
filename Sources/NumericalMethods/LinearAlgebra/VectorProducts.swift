import COpenBLAS

/// The inner product xᵀy of two vectors of the same length; 0 for empty ones.
public func dot(_ x: [Double], _ y: [Double]) -> Double {
  precondition(x.count == y.count, "The vectors must be equally long")
  guard !x.isEmpty else { return 0 }
  _ = singleThreadedBLAS
  return cblas_ddot(blasExtent(x.count), x, 1, y, 1)
}

/// The Euclidean norm of a vector, computed without overflow or underflow of the squares.
public func euclideanNorm(_ x: [Double]) -> Double {
  guard !x.isEmpty else { return 0 }
  _ = singleThreadedBLAS
  return cblas_dnrm2(blasExtent(x.count), x, 1)
}

/// Adds α·x to y, without allocating.
public func axpy(_ alpha: Double, _ x: [Double], into y: inout [Double]) {
  precondition(x.count == y.count, "The vectors must be equally long")
  guard !x.isEmpty else { return }
  _ = singleThreadedBLAS
  cblas_daxpy(blasExtent(x.count), alpha, x, 1, &y, 1)
}

/// Replaces y by α·A·x + β·y, or α·Aᵀx + β·y, without allocating; with β = 0 the old y is not read.
public func gemv(
  alpha: Double = 1, _ a: Matrix, _ x: [Double], transposing: Bool = false, beta: Double = 0, into y: inout [Double]
) {
  let (outer, inner) = transposing ? (a.columns, a.rows) : (a.rows, a.columns)
  precondition(x.count == inner && y.count == outer, "The factors of a product must fit")
  guard outer > 0 else { return }
  guard inner > 0 else {
    for i in y.indices { y[i] = beta == 0 ? 0 : beta * y[i] }
    return
  }
  _ = singleThreadedBLAS
  a.withUnsafeElements { elements in
    cblas_dgemv(
      CblasColMajor, transposing ? CblasTrans : CblasNoTrans, blasExtent(a.rows), blasExtent(a.columns), alpha,
      elements.baseAddress, leadingDimension(a.rows), x, 1, beta, &y, 1)
  }
}
