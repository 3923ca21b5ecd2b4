import NumericalMethods
import TestSupport
import Testing

@Suite("Cholesky factor")
struct CholeskyFactorTests {
  struct Reference: Decodable, Sendable {
    let name: String
    let matrix: [[Double]]
    let lower: [[Double]]
    let logDeterminant: Double
    let right: [Double]
    let solution: [Double]
    let condition: Double
  }

  @Test("Factors, determinants and solutions agree with 60-digit arithmetic")
  func reference() throws {
    let fixture = try GoldenValues("cholesky", of: Reference.self, in: .module)
    for reference in fixture.cases {
      let factor = try CholeskyFactor(Matrix(reference.matrix))
      let bound = fixture.tolerance.relative * reference.condition
      let expected = Matrix(reference.lower)
      let scale = expected.elements.map(\.magnitude).max() ?? 0
      #expect(factor.lower.distance(to: expected) <= bound * scale, "\(reference.name)")
      #expect((factor.logDeterminant - reference.logDeterminant).magnitude <= max(1e-13, bound), "\(reference.name)")
      let size = reference.solution.map(\.magnitude).max() ?? 0
      #expect(distance(factor.solve(reference.right), reference.solution) <= bound * size, "\(reference.name)")
      #expect(factor.jitter == 0)
    }
  }

  @Test("The factor times its transpose is the matrix, and the inverse times the matrix is the identity")
  func reconstruction() throws {
    for seed in UInt64(0)..<20 {
      var generator = SplitMix64(seed: seed)
      let n = Int.random(in: 1...60, using: &generator)
      let matrix = Matrix.randomPositiveDefinite(n, using: &generator)
      let factor = try CholeskyFactor(matrix)
      #expect(factor.lower.gram(of: .rows).distance(to: matrix) < 1e-13 * Double(n), "seed \(seed)")
      let inverse = factor.inverse()
      #expect(inverse.multiplying(matrix).distance(to: .identity(n)) < 1e-11, "seed \(seed)")
      #expect(inverse == inverse.transposed(), "seed \(seed)")
    }
  }

  @Test("Every kind of solve undoes its product")
  func solving() throws {
    var generator = SplitMix64(seed: 21)
    let matrix = Matrix.randomPositiveDefinite(17, using: &generator)
    let b = Matrix.random(17, 5, using: &generator)
    let factor = try CholeskyFactor(matrix)
    #expect(matrix.multiplying(factor.solve(b)).distance(to: b) < 1e-12)
    #expect(factor.lower.multiplying(factor.solveLower(b)).distance(to: b) < 1e-13)
    #expect(factor.lower.multiplying(factor.solveLowerTransposed(b), transposing: .left).distance(to: b) < 1e-13)
    #expect(factor.solveLower(factor.multiplyLower(b)).distance(to: b) < 1e-13)
    #expect((factor.inverseQuadraticForm(b.column(0)) - dot(b.column(0), factor.solve(b.column(0)))).magnitude < 1e-12)
  }

  @Test("A vector is solved like a matrix of one column")
  func vectorSolves() throws {
    var generator = SplitMix64(seed: 22)
    let factor = try CholeskyFactor(.randomPositiveDefinite(9, using: &generator))
    let b = Matrix.random(9, 1, using: &generator)
    #expect(distance(factor.solve(b.elements), factor.solve(b).elements) < 1e-13)
    #expect(distance(factor.solveLower(b.elements), factor.solveLower(b).elements) < 1e-13)
    #expect(distance(factor.solveLowerTransposed(b.elements), factor.solveLowerTransposed(b).elements) < 1e-13)
    #expect(distance(factor.multiplyLower(b.elements), factor.multiplyLower(b).elements) < 1e-13)
  }

  @Test("Only the lower triangle is read, and the factor is zero above its diagonal")
  func upperTriangleIgnored() throws {
    let factor = try CholeskyFactor(Matrix([[4, .nan], [2, 5]]))
    #expect(factor.lower == Matrix([[2, 0], [1, 2]]))
  }

  @Test("The failing pivot is named", arguments: 0..<5)
  func failingPivot(pivot: Int) {
    var matrix = Matrix.identity(5)
    matrix[pivot, pivot] = -1
    #expect(throws: LinearAlgebraError.notPositiveDefinite(pivot: pivot)) { try CholeskyFactor(matrix) }
  }

  @Test("A NaN or an infinity in the lower triangle is refused", arguments: [Double.nan, .infinity, -.infinity])
  func notFinite(value: Double) {
    for (i, j) in [(0, 0), (2, 1), (2, 2)] {
      var matrix = Matrix.identity(3)
      matrix[i, j] = value
      #expect(throws: LinearAlgebraError.notFinite) { try CholeskyFactor(matrix, jitter: .standard) }
    }
  }

  @Test("An overflow inside the factorisation is reported as not positive definite")
  func overflow() {
    #expect(throws: LinearAlgebraError.notPositiveDefinite(pivot: 1)) {
      try CholeskyFactor(Matrix([[1e-300, 0, 0], [1e300, 1, 0], [1e300, 1, 1]]))
    }
  }

  @Test("Empty matrices are factored, solved and appended to")
  func empty() throws {
    let factor = try CholeskyFactor(Matrix(rows: 0, columns: 0), jitter: .standard)
    #expect(factor.logDeterminant == 0)
    #expect(factor.solve([]) == [])
    #expect(factor.solve(Matrix(rows: 0, columns: 3)) == Matrix(rows: 0, columns: 3))
    #expect(factor.inverse() == Matrix(rows: 0, columns: 0))
    let grown = try factor.appending(cross: Matrix(rows: 0, columns: 1), block: Matrix([[9]]))
    #expect(grown.lower == Matrix([[3]]))
    let same = try grown.appending(cross: Matrix(rows: 1, columns: 0), block: Matrix(rows: 0, columns: 0))
    #expect(same == grown)
    #expect(grown.solve(Matrix(rows: 1, columns: 0)).columns == 0)
  }

  @Test("Matrices at extreme scales are factored", arguments: [1e-99, 1e99, 1e-300, 1e300])
  func extremeScales(scale: Double) throws {
    let factor = try CholeskyFactor(scale * Matrix([[4, 2], [2, 5]]))
    #expect((1 / scale.squareRoot() * factor.lower).distance(to: Matrix([[2, 0], [1, 2]])) < 1e-14)
  }
}
