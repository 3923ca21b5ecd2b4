import NumericalMethods
import TestSupport
import Testing

@Suite("Cholesky factor: jitter and growth")
struct CholeskyFactorGrowthTests {
  @Test("A matrix that needs no jitter gets none")
  func noJitter() throws {
    #expect(try CholeskyFactor(.identity(3), jitter: .standard).jitter == 0)
  }

  @Test("Duplicate points get the least jitter that works, in proportion to their scale", arguments: [1e-99, 1, 1e99])
  func duplicates(scale: Double) throws {
    // Two equal points: rank one, and a small negative eigenvalue as rounding would leave it.
    let matrix = scale * Matrix([[1, 1 + 1e-9], [1 + 1e-9, 1]])
    #expect(throws: LinearAlgebraError.notPositiveDefinite(pivot: 1)) { try CholeskyFactor(matrix) }
    let factor = try CholeskyFactor(matrix, jitter: .standard)
    #expect((factor.jitter / (1e-8 * scale) - 1).magnitude < 1e-15)
    var expected = matrix
    expected.addToDiagonal(factor.jitter)
    #expect(factor.lower.gram(of: .rows).distance(to: expected) < 1e-15 * scale)
  }

  @Test("The ladder is climbed only as far as needed")
  func climbing() throws {
    let matrix = Matrix([[1, 1 + 3e-6], [1 + 3e-6, 1]])
    #expect(try CholeskyFactor(matrix, jitter: .standard).jitter == 1e-5)
  }

  @Test("A ladder that is too short fails with the pivot")
  func ladderExhausted() {
    #expect(throws: LinearAlgebraError.notPositiveDefinite(pivot: 1)) {
      try CholeskyFactor(Matrix([[1, 2], [2, 1]]), jitter: .standard)
    }
    #expect(throws: LinearAlgebraError.notPositiveDefinite(pivot: 0)) {
      try CholeskyFactor(Matrix(rows: 2, columns: 2), jitter: .standard)
    }
  }

  @Test("Appending gives the factor of the whole matrix")
  func appending() throws {
    for seed in UInt64(0)..<20 {
      var generator = SplitMix64(seed: seed)
      let n = Int.random(in: 0...40, using: &generator)
      let m = Int.random(in: 0...8, using: &generator)
      let matrix = Matrix.randomPositiveDefinite(n + m, using: &generator)
      var factor = try CholeskyFactor(matrix.submatrix(rows: 0..<n, columns: 0..<n))
      try factor.append(
        cross: matrix.submatrix(rows: 0..<n, columns: n..<n + m),
        block: matrix.submatrix(rows: n..<n + m, columns: n..<n + m))
      let whole = try CholeskyFactor(matrix)
      #expect(factor.lower.distance(to: whole.lower) < 1e-12, "seed \(seed)")
      #expect(factor.leading(n).lower.distance(to: whole.leading(n).lower) < 1e-12, "seed \(seed)")
    }
  }

  @Test("Appending keeps the jitter of the factor")
  func appendingWithJitter() throws {
    let matrix = Matrix(rows: 3, columns: 3, repeating: 1)
    let factor = try CholeskyFactor(matrix.submatrix(rows: 0..<2, columns: 0..<2), jitter: JitterLadder(steps: [1e-3]))
    let grown = try factor.appending(cross: Matrix([[1], [1]]), block: Matrix([[1]]))
    var expected = matrix
    expected.addToDiagonal(1e-3)
    #expect(grown.jitter == 1e-3)
    #expect(grown.lower.gram(of: .rows).distance(to: expected) < 1e-14)
  }

  @Test("A failed append names the pivot in the whole matrix and leaves the factor as it was")
  func failedAppend() throws {
    var factor = try CholeskyFactor(Matrix([[1, 0.5], [0.5, 1]]))
    let before = factor
    #expect(throws: LinearAlgebraError.notPositiveDefinite(pivot: 2)) {
      try factor.append(cross: Matrix([[1], [0.5]]), block: Matrix([[0.5]]))
    }
    #expect(throws: LinearAlgebraError.notFinite) {
      try factor.append(cross: Matrix([[.nan], [0]]), block: Matrix([[1]]))
    }
    #expect(throws: LinearAlgebraError.notFinite) {
      try factor.append(cross: Matrix([[0], [0]]), block: Matrix([[.infinity]]))
    }
    #expect(factor == before)
  }
}
