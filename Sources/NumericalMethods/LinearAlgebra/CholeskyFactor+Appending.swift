extension CholeskyFactor {
  /// The factor of the matrix bordered by m more rows and columns.
  ///
  /// The jitter that is already in the factor is added to the new diagonal as well, so that the result factors the whole
  /// bordered matrix plus jitter·I.
  /// - Parameters:
  ///   - cross: the new columns above the new block, n × m.
  ///   - block: the new block on the diagonal, m × m, of which the lower triangle is read.
  /// - Throws: `notFinite`, or `notPositiveDefinite` with the pivot counted in the bordered matrix.
  /// - Complexity: n²m + nm² + m³/3 flops and one copy of the factor.
  public func appending(cross: Matrix, block: Matrix) throws(LinearAlgebraError) -> CholeskyFactor {
    let (n, m) = (order, block.rows)
    precondition(block.isSquare && cross.rows == n && cross.columns == m, "The border must fit")
    guard cross.isFinite else { throw .notFinite }
    guard block.hasFiniteLowerTriangle else { throw .notFinite }

    let whitened = solveLower(cross)
    var corner = block
    corner.addToDiagonal(jitter)
    corner.gemm(alpha: -1, whitened, whitened, transposing: .left, beta: 1)
    do throws(LinearAlgebraError) {
      try corner.factorLowerTriangle()
    } catch {
      guard case .notPositiveDefinite(let pivot) = error else { throw error }
      throw .notPositiveDefinite(pivot: n + pivot)
    }

    let bordered = Matrix(rows: n + m, columns: n + m) { target in
      lower.withUnsafeElements { old in
        whitened.withUnsafeElements { side in
          corner.withUnsafeElements { corner in
            for j in 0..<n {
              let start = j * (n + m)
              for i in 0..<n { target[start + i] = old[i + j * n] }
              for i in 0..<m { target[start + n + i] = side[j + i * n] }
            }
            for j in 0..<m {
              let start = (n + j) * (n + m)
              for i in 0..<n { target[start + i] = 0 }
              for i in 0..<m { target[start + n + i] = corner[i + j * m] }
            }
          }
        }
      }
    }
    return CholeskyFactor(lower: bordered, jitter: jitter)
  }

  /// Borders the factored matrix by m more rows and columns; on an error the factor stays as it was.
  ///
  /// - Parameters:
  ///   - cross: the new columns above the new block, n × m.
  ///   - block: the new block on the diagonal, m × m, of which the lower triangle is read.
  public mutating func append(cross: Matrix, block: Matrix) throws(LinearAlgebraError) {
    self = try appending(cross: cross, block: block)
  }
}
