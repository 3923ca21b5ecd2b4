import NumericalMethods
import Synchronization

/// Room for matrices that is used again and again.
///
/// A step of training makes and drops tens of matrices of the same shapes. Given back to the system and asked for anew,
/// they would take up to half of the step's time. What is taken has unspecified contents. What is given may still be in use
/// elsewhere: whoever writes to it then writes to a copy, as with every array.
package final class BufferPool: Sendable {
  private let free = Mutex<[Int: [[Double]]]>([:])

  /// Creates a pool without any.
  package init() {}

  /// Numbers of unspecified value.
  package func take(_ count: Int) -> [Double] {
    free.withLock { $0[count]?.popLast() } ?? [Double](unsafeUninitializedCapacity: count) { $1 = count }
  }

  /// Takes numbers back.
  package func give(_ numbers: [Double]) {
    // More of one size than a pass needs are of no use.
    free.withLock { free in
      if free[numbers.count]?.count ?? 0 < 64 { free[numbers.count, default: []].append(numbers) }
    }
  }

  /// Zeros.
  func zeros(_ count: Int) -> [Double] {
    var numbers = take(count)
    numbers.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
    return numbers
  }

  /// The same numbers.
  func copy(of numbers: [Double]) -> [Double] { copy(of: numbers, in: 0..<numbers.count) }

  private func copy(of numbers: [Double], in range: Range<Int>) -> [Double] {
    var result = take(range.count)
    numbers.withUnsafeBufferPointer { source in
      result.withUnsafeMutableBufferPointer { target in
        _ = target.update(fromContentsOf: source[range])
      }
    }
    return result
  }
}

// MARK: Matrices

extension BufferPool {
  /// A matrix with unspecified elements.
  func matrix(rows: Int, columns: Int) -> Matrix {
    Matrix(rows: rows, columns: columns, elements: take(rows * columns))
  }

  /// A matrix of zeros.
  func zeros(rows: Int, columns: Int) -> Matrix {
    Matrix(rows: rows, columns: columns, elements: zeros(rows * columns))
  }

  /// The same matrix.
  func copy(of matrix: Matrix) -> Matrix {
    Matrix(rows: matrix.rows, columns: matrix.columns, elements: copy(of: matrix.elements))
  }

  /// A block of the parameters with so many rows.
  func block(_ range: Range<Int>, rows: Int, of parameters: [Double]) -> Matrix {
    Matrix(rows: rows, columns: rows == 0 ? 0 : range.count / rows, elements: copy(of: parameters, in: range))
  }

  /// A product.
  func product(_ left: Matrix, _ right: Matrix, transposing transposed: Matrix.Factors = []) -> Matrix {
    var result = matrix(
      rows: transposed.contains(.left) ? left.columns : left.rows,
      columns: transposed.contains(.right) ? right.rows : right.columns)
    result.gemm(left, right, transposing: transposed)
    return result
  }

  /// The product element by element.
  func product(elements left: Matrix, _ right: Matrix) -> Matrix {
    precondition(left.rows == right.rows && left.columns == right.columns, "The matrices have the same shape")
    var result = matrix(rows: left.rows, columns: left.columns)
    result.withUnsafeMutableElements { target in
      left.withUnsafeElements { left in
        right.withUnsafeElements { right in for i in target.indices { target[i] = left[i] * right[i] } }
      }
    }
    return result
  }

  /// Each column multiplied by the gate of its example, channels × N.
  func product(_ matrix: Matrix, gatedBy gate: Matrix) -> Matrix {
    var result = self.matrix(rows: matrix.rows, columns: matrix.columns)
    let (channels, positions) = (matrix.rows, matrix.columns / max(1, gate.columns))
    matrix.withUnsafeElements { source in
      gate.withUnsafeElements { gate in
        result.withUnsafeMutableElements { target in
          for column in 0..<target.count / max(1, channels) {
            let (start, own) = (column * channels, column / positions * channels)
            for c in 0..<channels { target[start + c] = source[start + c] * gate[own + c] }
          }
        }
      }
    }
    return result
  }

  /// Each row multiplied by its number.
  func product(_ matrix: Matrix, rowsBy factors: [Double]) -> Matrix {
    precondition(factors.count == matrix.rows, "There is a factor for each row")
    var result = self.matrix(rows: matrix.rows, columns: matrix.columns)
    let rows = matrix.rows
    matrix.withUnsafeElements { source in
      factors.withUnsafeBufferPointer { factors in
        result.withUnsafeMutableElements { target in
          for start in stride(from: 0, to: target.count, by: max(1, rows)) {
            for i in 0..<rows { target[start + i] = source[start + i] * factors[i] }
          }
        }
      }
    }
    return result
  }

  /// Takes a matrix back.
  func give(_ matrix: Matrix?) {
    if let matrix { give(matrix.elements) }
  }
}
