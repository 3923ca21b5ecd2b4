import NumericalMethods
import TestSupport
import Testing

@Suite("Tridiagonal systems and eigenvalues")
struct SymmetricSystemsTests {
  @Test("The solution of a tridiagonal system satisfies it", arguments: [1, 2, 7, 100])
  func tridiagonal(n: Int) throws {
    var random = SplitMix64(seed: 3)
    let off = (0..<n - 1).map { _ in Double.random(in: -1...1, using: &random) }
    let diagonal = (0..<n).map { _ in Double.random(in: 2.1...3, using: &random) }
    let b = (0..<n).map { _ in Double.random(in: -1...1, using: &random) }
    let x = try solveTridiagonal(diagonal: diagonal, offDiagonal: off, b)
    for i in 0..<n {
      let product =
        diagonal[i] * x[i] + (i > 0 ? off[i - 1] * x[i - 1] : 0) + (i + 1 < n ? off[i] * x[i + 1] : 0)
      #expect(abs(product - b[i]) < 1e-13)
    }
  }

  @Test("A tridiagonal matrix that is indefinite or not finite is refused with the reason")
  func tridiagonalRefusals() {
    #expect(throws: LinearAlgebraError.notPositiveDefinite(pivot: 1)) {
      try solveTridiagonal(diagonal: [1, 1], offDiagonal: [2], [1, 1])
    }
    #expect(throws: LinearAlgebraError.notFinite) {
      try solveTridiagonal(diagonal: [1, .nan], offDiagonal: [0], [1, 1])
    }
  }

  @Test("Eigenvalues alone are those of the whole decomposition")
  func eigenvalues() throws {
    var random = SplitMix64(seed: 4)
    let a = Matrix(
      rows: 9, columns: 6, elements: (0..<54).map { _ in Double.random(in: -1...1, using: &random) }
    ).gram(of: .columns)
    let (values, whole) = (try a.symmetricEigenvalues(), try SymmetricEigendecomposition(a).values)
    #expect(zip(values, whole).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(values.count == 6)
    #expect(throws: LinearAlgebraError.notFinite) { try (Double.nan * a).symmetricEigenvalues() }
  }
}
