import Bilevel
import NumericalMethods
import TestSupport
import Testing

@Suite("Derivatives of families")
struct FamilyDerivativesTests {
  @Test("Every family is in the fixture")
  func present() {
    #expect(FamilyCase.all.count == 18)
  }

  @Test("Values, gradients and products are those of automatic differentiation", arguments: FamilyCase.all)
  func golden(family: FamilyCase) throws {
    let tolerance = try #require(FamilyCase.golden).tolerance.relative
    let problem = try family.problem()
    let lower = problem.lower
    var gradient = [Double](repeating: 0, count: lower.variableCount)
    let value = lower.evaluate(at: family.x, theta: family.theta, gradient: &gradient)
    #expect(relativeError(value, family.value) < tolerance)
    #expect(relativeError(gradient, family.gradient) < tolerance)
    let slopes = lower.hyperparameterGradient(at: family.x, theta: family.theta)
    #expect(relativeError(slopes, family.hyperparameterGradient) < tolerance)
    let derivatives = lower.derivatives(at: family.x, theta: family.theta)
    #expect(relativeError(derivatives.hessianProduct(family.v), family.hessianProduct) < tolerance)
    #expect(relativeError(derivatives.crossTransposeProduct(family.q), family.crossTransposeProduct) < tolerance)
    let upper = problem.upper.evaluate(at: family.x, theta: family.theta)
    #expect(relativeError(upper.value, family.upperValue) < tolerance)
    #expect(relativeError(upper.gradient, family.upperGradient) < tolerance)
  }

  @Test("Gradients and products agree with finite differences", arguments: FamilyCase.all)
  func finiteDifferences(family: FamilyCase) throws {
    let problem = try family.problem()
    let (lower, x, theta) = (problem.lower, family.x, family.theta)
    var gradient = [Double](repeating: 0, count: lower.variableCount)
    func value(_ x: [Double], _ theta: [Double]) -> Double {
      lower.evaluate(at: x, theta: theta, gradient: &gradient)
    }
    func slope(_ x: [Double], _ theta: [Double], along direction: [Double]) -> Double {
      _ = value(x, theta)
      return dot(gradient, direction)
    }
    let byX = differences(at: x, step: 1e-3) { value($0, theta) }
    let byTheta = differences(at: theta, step: 1e-3) { value(x, $0) }
    let alongV = differences(at: x, step: 1e-3) { slope($0, theta, along: family.v) }
    let alongQ = differences(at: theta, step: 1e-3) { slope(x, $0, along: family.q) }
    _ = value(x, theta)
    #expect(relativeError(gradient, byX) < 1e-7)
    #expect(relativeError(lower.hyperparameterGradient(at: x, theta: theta), byTheta) < 1e-7)
    let derivatives = lower.derivatives(at: x, theta: theta)
    #expect(relativeError(derivatives.hessianProduct(family.v), alongV) < 1e-7)
    #expect(relativeError(derivatives.crossTransposeProduct(family.q), alongQ) < 1e-7)
  }

  @Test("Whole Hessians and direct solutions belong to the products", arguments: FamilyCase.all)
  func wholeHessians(family: FamilyCase) throws {
    let lower = try family.problem().lower
    let derivatives = lower.derivatives(at: family.x, theta: family.theta)
    if let hessian = derivatives.denseHessian() {
      let product = hessian.symmetricMultiplying(family.v)
      #expect(relativeError(product, family.hessianProduct) < 1e-12)
    }
    if family.solution != nil, let q = try derivatives.solveDirectly(family.hessianProduct) {
      #expect(relativeError(q, family.v) < 1e-9)
    }
  }

  @Test("Declared constants bound what is observed between two points", arguments: FamilyCase.all)
  func constants(family: FamilyCase) throws {
    let problem = try family.problem()
    let (lower, theta, p) = (problem.lower, family.theta, family.x.count)
    let constants = lower.constants(at: theta)
    let here = lower.derivatives(at: family.x, theta: theta)
    let other = zip(family.x, family.q).map { $0 + 0.3 * $1 }
    let there = lower.derivatives(at: other, theta: theta)
    let distance = 0.3 * euclideanNorm(family.q)
    let eigenvalues = try here.wholeHessian(variables: p).symmetricEigenvalues()
    // Rounding of eigenvalues.
    let slack = 1e-12 * (eigenvalues.last ?? 0)
    if let mu = constants.strongConvexity { #expect(mu <= eigenvalues[0] + slack) }
    if let smoothness = constants.smoothness { #expect(smoothness >= eigenvalues[p - 1] - slack) }
    func norm(_ matrix: Matrix) throws -> Double {
      try matrix.gram(of: .columns).symmetricEigenvalues().last.map { max(0, $0).squareRoot() } ?? 0
    }
    if let lipschitz = constants.hessianLipschitz {
      let change = there.wholeHessian(variables: p) - here.wholeHessian(variables: p)
      #expect(try norm(change) <= lipschitz * distance + 1e-12)
    }
    let cross = here.crossMatrix(variables: p, hyperparameters: theta.count)
    if let crossNorm = here.crossNorm { #expect(try norm(cross) <= crossNorm * (1 + 1e-12)) }
    if let lipschitz = constants.crossLipschitz {
      let change = there.crossMatrix(variables: p, hyperparameters: theta.count) - cross
      #expect(try norm(change) <= lipschitz * distance + 1e-12)
    }
    if let lipschitz = problem.upper.gradientLipschitz(at: theta) {
      let first = problem.upper.evaluate(at: family.x, theta: theta).gradient
      let second = problem.upper.evaluate(at: other, theta: theta).gradient
      #expect(euclideanNorm(zip(first, second).map { $0 - $1 }) <= lipschitz * distance * (1 + 1e-12))
    }
  }
}
