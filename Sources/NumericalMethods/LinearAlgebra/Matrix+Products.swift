import COpenBLAS

extension Matrix {
  /// Which factors of a product are taken transposed.
  public struct Factors: OptionSet, Sendable {
    /// One bit per factor.
    public let rawValue: Int

    /// Creates a set from its bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// The factor on the left.
    public static let left = Factors(rawValue: 1)

    /// The factor on the right.
    public static let right = Factors(rawValue: 2)
  }

  /// The vectors whose inner products make a Gram matrix.
  public enum GramVectors: Sendable {
    /// The columns of A, for AᵀA.
    case columns

    /// The rows of A, for A·Aᵀ.
    case rows
  }

  /// The product with another matrix, either one transposed if asked for.
  public func multiplying(_ other: Matrix, transposing transposed: Factors = []) -> Matrix {
    let rows = transposed.contains(.left) ? columns : rows
    let columns = transposed.contains(.right) ? other.rows : other.columns
    var result = Matrix(rows: rows, columns: columns)
    result.gemm(self, other, transposing: transposed)
    return result
  }

  /// The product with a vector, A·x or Aᵀx.
  public func multiplying(_ vector: [Double], transposing: Bool = false) -> [Double] {
    var result = [Double](repeating: 0, count: transposing ? columns : rows)
    gemv(self, vector, transposing: transposing, into: &result)
    return result
  }

  /// The symmetric matrix of the inner products of the columns, AᵀA, or of the rows, A·Aᵀ.
  ///
  /// - Complexity: half of what the general product takes.
  public func gram(of vectors: GramVectors) -> Matrix {
    let (n, k) = vectors == .columns ? (columns, rows) : (rows, columns)
    var result = Matrix(rows: n, columns: n)
    guard n > 0, k > 0 else { return result }
    _ = singleThreadedBLAS
    let operation = vectors == .columns ? CblasTrans : CblasNoTrans
    withUnsafeElements { a in
      result.withUnsafeMutableElements { c in
        cblas_dsyrk(
          CblasColMajor, CblasLower, operation, blasExtent(n), blasExtent(k), 1, a.baseAddress, leadingDimension(rows),
          0, c.baseAddress, leadingDimension(n))
      }
    }
    result.mirrorLowerTriangle()
    return result
  }

  /// The inner products of the rows, A·Aᵀ, on and below the diagonal; what stands above is unspecified.
  public func lowerGramOfRows() -> Matrix {
    Matrix(rows: rows, columns: rows) { target in
      guard rows > 0 else { return }
      guard columns > 0 else { return target.update(repeating: 0) }
      _ = singleThreadedBLAS
      withUnsafeElements { a in
        cblas_dsyrk(
          CblasColMajor, CblasLower, CblasNoTrans, blasExtent(rows), blasExtent(columns), 1, a.baseAddress,
          leadingDimension(rows), 0, target.baseAddress, leadingDimension(rows))
      }
    }
  }

  /// The product of this symmetric matrix with another; only the lower triangle of this one is read.
  public func symmetricMultiplying(_ other: Matrix) -> Matrix {
    precondition(isSquare && other.rows == rows, "The factors of a product must fit")
    var result = Matrix(rows: rows, columns: other.columns)
    guard !result.elements.isEmpty else { return result }
    _ = singleThreadedBLAS
    withUnsafeElements { a in
      other.withUnsafeElements { b in
        result.withUnsafeMutableElements { c in
          cblas_dsymm(
            CblasColMajor, CblasLeft, CblasLower, blasExtent(rows), blasExtent(other.columns), 1, a.baseAddress,
            leadingDimension(rows), b.baseAddress, leadingDimension(rows), 0, c.baseAddress, leadingDimension(rows))
        }
      }
    }
    return result
  }

  /// The product of this symmetric matrix with a vector; only the lower triangle is read.
  public func symmetricMultiplying(_ vector: [Double]) -> [Double] {
    precondition(isSquare && vector.count == rows, "The factors of a product must fit")
    var result = [Double](repeating: 0, count: rows)
    guard rows > 0 else { return result }
    _ = singleThreadedBLAS
    withUnsafeElements { a in
      cblas_dsymv(
        CblasColMajor, CblasLower, blasExtent(rows), 1, a.baseAddress, leadingDimension(rows), vector, 1, 0, &result, 1)
    }
    return result
  }
}
