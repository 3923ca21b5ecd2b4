extension Matrix {
  /// The sum of two matrices of the same shape.
  public static func + (left: Matrix, right: Matrix) -> Matrix { left.combining(right, +) }

  /// The difference of two matrices of the same shape.
  public static func - (left: Matrix, right: Matrix) -> Matrix { left.combining(right, -) }

  /// The matrix with every element multiplied by a number.
  public static func * (factor: Double, matrix: Matrix) -> Matrix { matrix.map { factor * $0 } }

  /// The matrix with a function applied to every element.
  @inlinable
  public func map(_ transform: (Double) -> Double) -> Matrix {
    Matrix(rows: rows, columns: columns, elements: elements.map(transform))
  }

  /// The matrix of a function of the elements at the same place in this matrix and another of its shape.
  @inlinable
  public func combining(_ other: Matrix, _ transform: (Double, Double) -> Double) -> Matrix {
    precondition(rows == other.rows && columns == other.columns, "The matrices must have the same shape")
    return Matrix(rows: rows, columns: columns) { target in
      withUnsafeElements { left in
        other.withUnsafeElements { right in
          for k in left.indices { target[k] = transform(left[k], right[k]) }
        }
      }
    }
  }

  /// The sum of the diagonal.
  public var trace: Double { diagonal.reduce(0, +) }

  /// Whether no element is NaN or infinite.
  public var isFinite: Bool {
    withUnsafeElements { source in
      // 0·x is 0 for every finite x and NaN otherwise; one sum needs no branch per element.
      var sum = 0.0
      for value in source { sum += 0 * value }
      return sum == 0
    }
  }

  /// Adds a number to each element of the diagonal.
  public mutating func addToDiagonal(_ value: Double) {
    let (rows, count) = (rows, min(rows, columns))
    withUnsafeMutableElements { target in
      for i in 0..<count { target[i * (rows + 1)] += value }
    }
  }

  /// Copies the lower triangle of a square matrix over its upper one.
  public mutating func mirrorLowerTriangle() {
    precondition(isSquare, "Only a square matrix can be made symmetric")
    let (n, block) = (rows, 32)
    withUnsafeMutableElements { target in
      for firstColumn in stride(from: 0, to: n, by: block) {
        for firstRow in stride(from: firstColumn, to: n, by: block) {
          for j in firstColumn..<min(firstColumn + block, n) {
            for i in max(firstRow, j + 1)..<max(j + 1, min(firstRow + block, n)) {
              target[j + i * n] = target[i + j * n]
            }
          }
        }
      }
    }
  }

  /// Adds a vector to every column, without allocating.
  ///
  /// - Parameter vector: `rows` values.
  public mutating func addToColumns(_ vector: [Double]) {
    precondition(vector.count == rows, "The vector must be as long as a column")
    let (rows, columns) = (rows, columns)
    vector.withUnsafeBufferPointer { vector in
      withUnsafeMutableElements { target in
        for j in 0..<columns {
          for i in 0..<rows { target[i + j * rows] += vector[i] }
        }
      }
    }
  }

  /// Writes the sum of each row over a vector, without allocating.
  ///
  /// - Parameter sums: `rows` values, overwritten.
  public func sumRows(into sums: inout [Double]) {
    precondition(sums.count == rows, "There is one sum per row")
    withUnsafeElements { source in
      sums.withUnsafeMutableBufferPointer { sums in
        sums.update(repeating: 0)
        for j in 0..<columns {
          for i in 0..<rows { sums[i] += source[i + j * rows] }
        }
      }
    }
  }
}
