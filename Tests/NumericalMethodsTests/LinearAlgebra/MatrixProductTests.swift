import NumericalMethods
import TestSupport
import Testing

@Suite("Matrix products")
struct MatrixProductTests {
  static let shapes = [(0, 0, 0), (0, 3, 2), (3, 0, 2), (3, 2, 0), (1, 1, 1), (5, 7, 4), (40, 33, 37)]

  @Test("Products agree with their definition, transposed or not", arguments: shapes)
  func products(m: Int, k: Int, n: Int) {
    var generator = SplitMix64(seed: 11)
    let a = Matrix.random(m, k, using: &generator)
    let b = Matrix.random(k, n, using: &generator)
    let expected = a.naiveProduct(b)
    let (at, bt) = (a.transposed(), b.transposed())
    #expect(a.multiplying(b).distance(to: expected) < 1e-13)
    #expect(at.multiplying(b, transposing: .left).distance(to: expected) < 1e-13)
    #expect(a.multiplying(bt, transposing: .right).distance(to: expected) < 1e-13)
    #expect(at.multiplying(bt, transposing: [.left, .right]).distance(to: expected) < 1e-13)
  }

  @Test("Matrix times vector agrees with the product by a one-column matrix", arguments: shapes)
  func vectorProducts(m: Int, k: Int, n: Int) {
    var generator = SplitMix64(seed: 12)
    let a = Matrix.random(m, k, using: &generator)
    let x = Matrix.random(k, 1, using: &generator)
    let expected = a.naiveProduct(x).elements
    #expect(distance(a.multiplying(x.elements), expected) < 1e-13)
    #expect(distance(a.transposed().multiplying(x.elements, transposing: true), expected) < 1e-13)
  }

  @Test("Gram matrices agree with the general product and are symmetric to the last bit", arguments: shapes)
  func gram(m: Int, k: Int, n: Int) {
    var generator = SplitMix64(seed: 13)
    let a = Matrix.random(m, k, using: &generator)
    #expect(a.gram(of: .rows).distance(to: a.naiveProduct(a.transposed())) < 1e-13)
    #expect(a.gram(of: .columns).distance(to: a.transposed().naiveProduct(a)) < 1e-13)
    #expect(a.gram(of: .columns) == a.gram(of: .columns).transposed())
  }

  @Test("Symmetric products read the lower triangle alone", arguments: [0, 1, 9])
  func symmetric(n: Int) {
    var generator = SplitMix64(seed: 14)
    let full = Matrix.randomPositiveDefinite(n, using: &generator)
    let b = Matrix.random(n, 4, using: &generator)
    var lower = full
    for j in 0..<n { for i in 0..<j { lower[i, j] = .nan } }
    #expect(lower.symmetricMultiplying(b).distance(to: full.naiveProduct(b)) < 1e-13)
    #expect(distance(lower.symmetricMultiplying(b.column(1)), full.naiveProduct(b).column(1)) < 1e-13)
  }

  @Test("An in-place product adds to the old contents as beta says")
  func accumulation() {
    let a = Matrix([[1, 2], [3, 4]])
    let b = Matrix([[1, 0], [1, 1]])
    var c = Matrix([[10, 20], [30, 40]])
    c.gemm(alpha: 2, a, b, beta: 0.5)
    #expect(c == Matrix([[11, 14], [29, 28]]))
    var y = [1.0, 1.0]
    gemv(alpha: 2, a, [1, 1], transposing: true, beta: -1, into: &y)
    #expect(y == [7, 11])
  }

  @Test("With beta zero the old contents may be NaN")
  func overwriting() {
    let a = Matrix([[1, 2], [3, 4]])
    var c = Matrix(rows: 2, columns: 2, repeating: .nan)
    c.gemm(a, .identity(2))
    #expect(c == a)
    var y = [Double.nan, .nan]
    gemv(a, [1, 0], into: &y)
    #expect(y == [1, 3])
  }

  @Test("A product over an empty inner extent leaves beta times the old contents")
  func emptyInnerExtent() {
    var c = Matrix(rows: 2, columns: 2, repeating: 3)
    c.gemm(Matrix(rows: 2, columns: 0), Matrix(rows: 0, columns: 2), beta: 2)
    #expect(c == Matrix(rows: 2, columns: 2, repeating: 6))
    c.scale(by: .infinity)
    c.gemm(Matrix(rows: 2, columns: 0), Matrix(rows: 0, columns: 2))
    #expect(c == Matrix(rows: 2, columns: 2))
    var y = [4.0]
    gemv(Matrix(rows: 1, columns: 0), [], beta: 0.5, into: &y)
    #expect(y == [2])
  }

  @Test("A matrix may be a factor of the product that replaces it")
  func aliasing() {
    var a = Matrix([[1, 2], [3, 4]])
    a.gemm(a, a)
    #expect(a == Matrix([[7, 10], [15, 22]]))
  }

  @Test("Vector updates follow their definitions, and empty vectors are allowed")
  func vectorUpdates() {
    var y = [1.0, 2.0]
    axpy(3, [1, -1], into: &y)
    #expect(y == [4, -1])
    #expect(dot([1, 2], [3, 4]) == 11)
    #expect(dot([], []) == 0)
    #expect(euclideanNorm([]) == 0)
    #expect((euclideanNorm([3e200, 4e200]) / 5e200 - 1).magnitude < 1e-15)
    #expect((euclideanNorm([3e-200, 4e-200]) / 5e-200 - 1).magnitude < 1e-15)
    var matrix = Matrix([[1, 2], [3, 4]])
    matrix.ger(2, [1, 10], [1, -1])
    #expect(matrix == Matrix([[3, 0], [23, -16]]))
    matrix.axpy(-1, matrix)
    #expect(matrix == Matrix(rows: 2, columns: 2))
  }
}
