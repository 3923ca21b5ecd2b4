extension Matrix {
  /// Column `j`, of length `rows`.
  public func column(_ j: Int) -> [Double] {
    precondition(j >= 0 && j < columns, "Column outside the matrix")
    return Array(elements[j * rows..<(j + 1) * rows])
  }

  /// Row `i`, of length `columns`.
  public func row(_ i: Int) -> [Double] {
    precondition(i >= 0 && i < rows, "Row outside the matrix")
    return withUnsafeElements { source in (0..<columns).map { source[i + $0 * rows] } }
  }

  /// The diagonal, of length `min(rows, columns)`.
  public var diagonal: [Double] {
    withUnsafeElements { source in (0..<min(rows, columns)).map { source[$0 * (rows + 1)] } }
  }

  /// The block of these rows and columns.
  public func submatrix(rows rowRange: Range<Int>, columns columnRange: Range<Int>) -> Matrix {
    precondition(rowRange.lowerBound >= 0 && rowRange.upperBound <= rows, "Rows outside the matrix")
    precondition(columnRange.lowerBound >= 0 && columnRange.upperBound <= columns, "Columns outside the matrix")
    return Matrix(rows: rowRange.count, columns: columnRange.count) { target in
      withUnsafeElements { source in
        var next = 0
        for j in columnRange {
          for i in rowRange {
            target[next] = source[i + j * rows]
            next += 1
          }
        }
      }
    }
  }

  /// The columns at these indices, in this order; an index may occur more than once.
  public func columns(at indices: some Collection<Int>) -> Matrix {
    var result = Matrix(rows: rows, columns: indices.count)
    result.copyColumns(at: indices, of: self)
    return result
  }

  /// The rows at these indices, in this order; an index may occur more than once.
  public func rows(at indices: some Collection<Int>) -> Matrix {
    precondition(indices.allSatisfy { $0 >= 0 && $0 < rows }, "Row outside the matrix")
    return Matrix(rows: indices.count, columns: columns) { target in
      withUnsafeElements { source in
        var next = 0
        for j in 0..<columns {
          for i in indices {
            target[next] = source[i + j * rows]
            next += 1
          }
        }
      }
    }
  }

  /// Replaces the leading columns by those of another matrix at these indices, without allocating.
  ///
  /// - Parameters:
  ///   - indices: at most `columns` of them.
  ///   - source: a matrix with as many rows as this one.
  public mutating func copyColumns(at indices: some Collection<Int>, of source: Matrix) {
    precondition(source.rows == rows && indices.count <= columns, "The columns copied must fit")
    precondition(indices.allSatisfy { $0 >= 0 && $0 < source.columns }, "Column outside the matrix")
    let rows = rows
    source.withUnsafeElements { from in
      withUnsafeMutableElements { to in
        var next = 0
        for j in indices {
          for i in 0..<rows { to[next + i] = from[j * rows + i] }
          next += rows
        }
      }
    }
  }

  /// Replaces column `j`.
  public mutating func setColumn(_ j: Int, to values: [Double]) {
    precondition(j >= 0 && j < columns && values.count == rows, "The column must fit")
    let start = j * rows
    withUnsafeMutableElements { target in
      for (i, value) in values.enumerated() { target[start + i] = value }
    }
  }

  /// Replaces row `i`.
  public mutating func setRow(_ i: Int, to values: [Double]) {
    precondition(i >= 0 && i < rows && values.count == columns, "The row must fit")
    let rows = rows
    withUnsafeMutableElements { target in
      for (j, value) in values.enumerated() { target[i + j * rows] = value }
    }
  }

  /// The matrix with another's columns after its own.
  public func appendingColumns(_ other: Matrix) -> Matrix {
    precondition(other.rows == rows, "Matrices side by side have equally many rows")
    return Matrix(rows: rows, columns: columns + other.columns, elements: elements + other.elements)
  }

  /// The matrix with another's rows below its own.
  public func appendingRows(_ other: Matrix) -> Matrix {
    precondition(other.columns == columns, "Matrices on top of each other have equally many columns")
    return Matrix(rows: rows + other.rows, columns: columns) { target in
      var next = 0
      for j in 0..<columns {
        for source in [self, other] {
          source.withUnsafeElements { elements in
            for i in 0..<source.rows { target[next + i] = elements[j * source.rows + i] }
          }
          next += source.rows
        }
      }
    }
  }

  /// The matrix with its rows as columns.
  ///
  /// - Complexity: O(rows · columns), in blocks that fit the cache.
  public func transposed() -> Matrix {
    let block = 32
    return Matrix(rows: columns, columns: rows) { target in
      withUnsafeElements { source in
        for firstColumn in stride(from: 0, to: columns, by: block) {
          for firstRow in stride(from: 0, to: rows, by: block) {
            for j in firstColumn..<min(firstColumn + block, columns) {
              for i in firstRow..<min(firstRow + block, rows) { target[j + i * columns] = source[i + j * rows] }
            }
          }
        }
      }
    }
  }
}
