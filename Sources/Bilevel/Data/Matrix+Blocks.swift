import NumericalMethods

extension Matrix {
  /// Copies a matrix over a block of this one.
  mutating func setBlock(row: Int, column: Int, to block: Matrix) {
    precondition(row + block.rows <= rows && column + block.columns <= columns, "The block must fit")
    let n = rows
    block.withUnsafeElements { source in
      withUnsafeMutableElements { target in
        for j in 0..<block.columns {
          for i in 0..<block.rows { target[row + i + (column + j) * n] = source[i + j * block.rows] }
        }
      }
    }
  }

  /// Multiplies each row by a factor of its own.
  mutating func scaleRows(by factors: [Double]) {
    precondition(factors.count == rows, "There is one factor for each row")
    let (n, m) = (rows, columns)
    withUnsafeMutableElements { target in
      for j in 0..<m {
        for i in 0..<n { target[i + j * n] *= factors[i] }
      }
    }
  }
}
