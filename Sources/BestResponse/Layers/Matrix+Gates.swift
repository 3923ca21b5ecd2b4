import NumericalMethods

extension Matrix {
  /// The product element by element.
  func timesElements(_ other: Matrix) -> Matrix {
    var result = self
    other.withUnsafeElements { source in
      result.withUnsafeMutableElements { target in for i in target.indices { target[i] *= source[i] } }
    }
    return result
  }

  /// Adds a matrix of channels × (positions · N), each column multiplied by the gate of its example, channels × N.
  mutating func addProduct(_ factor: Matrix, gatedBy gate: Matrix) {
    precondition(factor.rows == rows && factor.columns == columns, "The matrices have the same shape")
    let (channels, positions) = (rows, columns / max(1, gate.columns))
    factor.withUnsafeElements { source in
      gate.withUnsafeElements { gate in
        withUnsafeMutableElements { target in
          for column in 0..<target.count / max(1, channels) {
            let (start, own) = (column * channels, column / positions * channels)
            for c in 0..<channels { target[start + c] += source[start + c] * gate[own + c] }
          }
        }
      }
    }
  }

  /// Sums over the positions of each example of the product element by element: channels × N.
  func summedProduct(_ other: Matrix, examples: Int) -> Matrix {
    precondition(other.rows == rows && other.columns == columns, "The matrices have the same shape")
    var result = Matrix(rows: rows, columns: examples)
    let (channels, positions) = (rows, columns / max(1, examples))
    withUnsafeElements { left in
      other.withUnsafeElements { right in
        result.withUnsafeMutableElements { target in
          for column in 0..<left.count / max(1, channels) {
            let (start, own) = (column * channels, column / positions * channels)
            for c in 0..<channels { target[own + c] += left[start + c] * right[start + c] }
          }
        }
      }
    }
    return result
  }

  /// Sums over the positions of each example: channels × N of channels × (positions · N).
  func summedOverPositions(examples: Int) -> Matrix {
    if columns == examples { return self }
    var result = Matrix(rows: rows, columns: examples)
    let (channels, positions) = (rows, columns / max(1, examples))
    withUnsafeElements { source in
      result.withUnsafeMutableElements { target in
        for column in 0..<source.count / max(1, channels) {
          let (start, own) = (column * channels, column / positions * channels)
          for c in 0..<channels { target[own + c] += source[start + c] }
        }
      }
    }
    return result
  }

  /// Adds the column of each example, channels × N, at all of its positions.
  mutating func addAtPositions(_ addend: Matrix) {
    let (channels, positions) = (rows, columns / max(1, addend.columns))
    addend.withUnsafeElements { source in
      withUnsafeMutableElements { target in
        for column in 0..<target.count / max(1, channels) {
          let (start, own) = (column * channels, column / positions * channels)
          for c in 0..<channels { target[start + c] += source[own + c] }
        }
      }
    }
  }

  /// The sum of the products element by element.
  func innerProduct(_ other: Matrix) -> Double {
    withUnsafeElements { left in
      other.withUnsafeElements { right in
        var sum = 0.0
        for i in left.indices { sum += left[i] * right[i] }
        return sum
      }
    }
  }

  /// The sums over columns, a number for each row.
  var rowSums: [Double] {
    var sums = [Double](repeating: 0, count: rows)
    withUnsafeElements { source in
      for j in 0..<columns { for i in 0..<rows { sums[i] += source[j * rows + i] } }
    }
    return sums
  }
}
