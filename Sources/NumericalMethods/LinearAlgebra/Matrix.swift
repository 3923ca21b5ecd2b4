/// A dense matrix of doubles, stored column by column.
///
/// A value: copies share storage until one is changed. Element (i, j) is `elements[i + j * rows]`. A wrong shape or index
/// is a programmer's error and stops the process.
public struct Matrix: Sendable, Equatable {
  /// The number of rows.
  public let rows: Int

  /// The number of columns.
  public let columns: Int

  /// The elements, column by column: `rows * columns` of them.
  public private(set) var elements: [Double]

  /// Creates a matrix from its elements, column by column.
  public init(rows: Int, columns: Int, elements: [Double]) {
    precondition(rows >= 0 && columns >= 0, "A matrix has no negative extent")
    precondition(elements.count == rows * columns, "A matrix needs rows × columns elements")
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }

  /// Creates a matrix with the same value everywhere.
  public init(rows: Int, columns: Int, repeating value: Double = 0) {
    self.init(rows: rows, columns: columns, elements: Array(repeating: value, count: rows * columns))
  }

  /// Creates a matrix from its rows, which must be equally long; no rows make the 0 × 0 matrix.
  public init(_ rows: [[Double]]) {
    let columns = rows.first?.count ?? 0
    precondition(rows.allSatisfy { $0.count == columns }, "The rows of a matrix are equally long")
    self.init(rows: rows.count, columns: columns)
    for (i, row) in rows.enumerated() {
      for (j, value) in row.enumerated() { elements[i + j * self.rows] = value }
    }
  }

  /// Creates a matrix whose elements the closure writes, without setting them to zero first.
  ///
  /// - Parameter fill: receives `rows * columns` elements, column by column, with unspecified contents, and writes all.
  public init(rows: Int, columns: Int, unsafeFilling fill: (UnsafeMutableBufferPointer<Double>) -> Void) {
    precondition(rows >= 0 && columns >= 0, "A matrix has no negative extent")
    let count = rows * columns
    self.rows = rows
    self.columns = columns
    self.elements = Array(unsafeUninitializedCapacity: count) { buffer, initializedCount in
      fill(UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
      initializedCount = count
    }
  }

  /// The identity of order `n`.
  public static func identity(_ n: Int) -> Matrix { diagonal(Array(repeating: 1, count: n)) }

  /// The square matrix with these values on its diagonal and zeros elsewhere.
  public static func diagonal(_ values: [Double]) -> Matrix {
    var result = Matrix(rows: values.count, columns: values.count)
    for (i, value) in values.enumerated() { result.elements[i * (values.count + 1)] = value }
    return result
  }

  /// The element in row `i` and column `j`.
  public subscript(i: Int, j: Int) -> Double {
    @inlinable get {
      precondition(i >= 0 && i < rows && j >= 0 && j < columns, "Index outside the matrix")
      return elements[i + j * rows]
    }
    set {
      precondition(i >= 0 && i < rows && j >= 0 && j < columns, "Index outside the matrix")
      elements[i + j * rows] = newValue
    }
  }

  /// Whether the matrix has as many rows as columns.
  public var isSquare: Bool { rows == columns }

  /// Calls the closure with the elements, column by column, for loops that must not check each index.
  @inlinable
  public func withUnsafeElements<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Double>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try elements.withUnsafeBufferPointer(body)
  }

  /// Calls the closure with the elements to change, column by column, for loops that must not check each index.
  public mutating func withUnsafeMutableElements<Result, Failure: Error>(
    _ body: (UnsafeMutableBufferPointer<Double>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try elements.withUnsafeMutableBufferPointer { (buffer) throws(Failure) in try body(buffer) }
  }
}
