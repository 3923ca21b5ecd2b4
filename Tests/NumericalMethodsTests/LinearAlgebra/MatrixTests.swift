import NumericalMethods
import TestSupport
import Testing

@Suite("Matrix")
struct MatrixTests {
  @Test("Elements are stored column by column")
  func columnMajor() {
    let matrix = Matrix([[1, 2, 3], [4, 5, 6]])
    #expect(matrix.rows == 2 && matrix.columns == 3)
    #expect(matrix.elements == [1, 4, 2, 5, 3, 6])
    #expect(matrix[1, 2] == 6)
    #expect(matrix.column(1) == [2, 5])
    #expect(matrix.row(1) == [4, 5, 6])
  }

  @Test("Changing a copy leaves the original alone")
  func valueSemantics() {
    let original = Matrix.identity(2)
    var copy = original
    copy[0, 1] = 7
    copy.setRow(1, to: [8, 9])
    copy.setColumn(0, to: [5, 6])
    #expect(original == Matrix([[1, 0], [0, 1]]))
    #expect(copy == Matrix([[5, 7], [6, 9]]))
  }

  @Test("Transposing twice gives the matrix back, whatever its shape", arguments: [(0, 0), (0, 3), (1, 1), (70, 33)])
  func transposition(rows: Int, columns: Int) {
    var generator = SplitMix64(seed: 1)
    let matrix = Matrix.random(rows, columns, using: &generator)
    let transposed = matrix.transposed()
    #expect(transposed.rows == columns && transposed.columns == rows)
    #expect((0..<rows).allSatisfy { transposed.column($0) == matrix.row($0) })
    #expect(transposed.transposed() == matrix)
  }

  @Test("Appended columns and rows can be cut off again")
  func appending() {
    let a = Matrix([[1, 2], [3, 4]])
    let wide = a.appendingColumns(Matrix([[5], [6]]))
    let tall = a.appendingRows(Matrix([[7, 8]]))
    #expect(wide == Matrix([[1, 2, 5], [3, 4, 6]]))
    #expect(tall == Matrix([[1, 2], [3, 4], [7, 8]]))
    #expect(wide.submatrix(rows: 0..<2, columns: 0..<2) == a)
    #expect(tall.submatrix(rows: 0..<2, columns: 0..<2) == a)
  }

  @Test("Columns and rows can be gathered in any order")
  func gathering() {
    let matrix = Matrix([[1, 2, 3], [4, 5, 6]])
    #expect(matrix.columns(at: [2, 0, 2]) == Matrix([[3, 1, 3], [6, 4, 6]]))
    #expect(matrix.rows(at: [1, 1]) == Matrix([[4, 5, 6], [4, 5, 6]]))
    var batch = Matrix(rows: 2, columns: 3, repeating: 9)
    batch.copyColumns(at: [1], of: matrix)
    #expect(batch == Matrix([[2, 9, 9], [5, 9, 9]]))
  }

  @Test("Mirroring copies the lower triangle over the upper one", arguments: [0, 1, 2, 31, 32, 33, 67])
  func mirroring(n: Int) {
    var generator = SplitMix64(seed: 2)
    let original = Matrix.random(n, n, using: &generator)
    var mirrored = original
    mirrored.mirrorLowerTriangle()
    #expect(mirrored == mirrored.transposed())
    #expect((0..<n).allSatisfy { j in (j..<n).allSatisfy { mirrored[$0, j] == original[$0, j] } })
  }

  @Test("Arithmetic works element by element")
  func arithmetic() {
    let (a, b) = (Matrix([[1, 2], [3, 4]]), Matrix([[5, 6], [7, 9]]))
    #expect(a + b == Matrix([[6, 8], [10, 13]]))
    #expect(b - a == Matrix([[4, 4], [4, 5]]))
    #expect(-2 * a == Matrix([[-2, -4], [-6, -8]]))
    #expect(a.combining(b, max) == b)
    #expect(a.trace == 5)
  }

  @Test("A NaN or an infinity anywhere is seen", arguments: [Double.nan, .infinity, -.infinity])
  func finiteness(value: Double) {
    var matrix = Matrix(rows: 3, columns: 2, repeating: 1e308)
    #expect(matrix.isFinite)
    matrix[2, 1] = value
    #expect(!matrix.isFinite)
  }

  @Test("Row sums and a vector added to every column agree with the arithmetic")
  func broadcasting() {
    var matrix = Matrix([[1, 2, 3], [4, 5, 6]])
    var sums = [Double](repeating: .nan, count: 2)
    matrix.sumRows(into: &sums)
    #expect(sums == [6, 15])
    matrix.addToColumns([10, -1])
    #expect(matrix == Matrix([[11, 12, 13], [3, 4, 5]]))
  }

  @Test("A symmetric matrix is rebuilt from its eigenvalues and eigenvectors", arguments: [0, 1, 2, 20])
  func eigendecomposition(n: Int) throws {
    var generator = SplitMix64(seed: 3)
    let matrix = Matrix.randomPositiveDefinite(n, using: &generator)
    let eigen = try SymmetricEigendecomposition(matrix)
    let scaled = eigen.vectors.multiplying(.diagonal(eigen.values))
    #expect(scaled.multiplying(eigen.vectors, transposing: .right).distance(to: matrix) < 1e-13 * Double(n + 1))
    #expect(eigen.vectors.gram(of: .columns).distance(to: .identity(n)) < 1e-14 * Double(n + 1))
    #expect(eigen.values == eigen.values.sorted())
  }

  @Test("Eigenvalues of a matrix that holds NaN are refused")
  func eigendecompositionOfNaN() {
    #expect(throws: LinearAlgebraError.notFinite) { try SymmetricEigendecomposition(Matrix([[1, 0], [.nan, 1]])) }
  }
}
