import Bilevel
import NumericalMethods
import TestSupport
import Testing

@Suite("Hypergradients")
struct HypergradientTests {
  /// The solution to about rounding.
  private func solve(_ problem: BilevelProblem, _ theta: [Double], from start: [Double]? = nil) throws -> [Double] {
    try NewtonMethod().solve(problem.lower, theta: theta, accuracy: 0, from: start).x
  }

  @Test("Solutions and hypergradients are those of automatic differentiation", arguments: FamilyCase.solvable)
  func golden(family: FamilyCase) throws {
    let problem = try family.problem()
    let x = try solve(problem, family.theta)
    #expect(relativeError(x, try #require(family.solution)) < 1e-9)
    let estimate = try problem.conjugateGradientHypergradient(at: family.theta, x: x, accuracy: 0)
    #expect(relativeError(estimate.value, try #require(family.solutionValue)) < 1e-9)
    #expect(relativeError(estimate.gradient, try #require(family.hypergradient)) < 1e-8)
  }

  @Test("Hypergradients agree with finite differences", arguments: FamilyCase.solvable)
  func finiteDifferences(family: FamilyCase) throws {
    let problem = try family.problem()
    let x = try solve(problem, family.theta)
    let estimate = try problem.conjugateGradientHypergradient(at: family.theta, x: x, accuracy: 0)
    let expected = try differences(at: family.theta, step: 1e-3) { theta in
      problem.upper.evaluate(at: try solve(problem, theta, from: x), theta: theta).value
    }
    #expect(relativeError(estimate.gradient, expected) < 1e-7)
  }

  @Test(
    "All estimators agree", arguments: ["ridge, grouped", "logistic, per weight", "hyper-cleaning", "kernel ridge"])
  func agreement(name: String) throws {
    let family = try #require(FamilyCase.all.first { $0.name == name })
    let problem = try family.problem()
    let theta = family.theta
    let x = try solve(problem, theta)
    let expected = try problem.conjugateGradientHypergradient(at: theta, x: x, accuracy: 0).gradient
    let smoothness = try #require(problem.lower.constants(at: theta).smoothness)
    let hessian = problem.lower.derivatives(at: x, theta: theta).wholeHessian(variables: x.count)
    let greatest = try #require(try hessian.symmetricEigenvalues().last)
    #expect(greatest <= smoothness * (1 + 1e-12))
    let (steps, stepSize) = (1_200, 1 / greatest)
    let direct = try problem.directHypergradient(at: theta, x: x)
    #expect(relativeError(direct.gradient, expected) < 1e-10)
    let series = try problem.neumannHypergradient(at: theta, x: x, steps: steps, stepSize: stepSize)
    #expect(relativeError(series.gradient, expected) < 1e-8)
    let start = problem.lower.coldStart
    let reverse = try problem.reverseUnrolledHypergradient(at: theta, x: start, steps: steps, stepSize: stepSize)
    #expect(relativeError(reverse.gradient, expected) < 1e-8)
  }

  @Test("Unrolling forwards and backwards differentiates the same steps", arguments: [0, 1, 7])
  func unrolling(steps: Int) throws {
    let family = try #require(FamilyCase.all.first { $0.name == "logistic, grouped" })
    let problem = try family.problem()
    let forward = try problem.forwardUnrolledHypergradient(
      at: family.theta, x: family.x, steps: steps, stepSize: 0.3)
    let reverse = try problem.reverseUnrolledHypergradient(
      at: family.theta, x: family.x, steps: steps, stepSize: 0.3)
    #expect(forward.value == reverse.value)
    #expect(relativeError(forward.gradient, reverse.gradient) < 1e-12)
    let expected = try differences(at: family.theta, step: 1e-3) { theta in
      try problem.reverseUnrolledHypergradient(at: theta, x: family.x, steps: steps, stepSize: 0.3).value
    }
    #expect(relativeError(reverse.gradient, expected) < 1e-7)
  }

  @Test("An adjoint from before saves products")
  func warmStart() throws {
    let family = try #require(FamilyCase.all.first { $0.name == "multinomial, per weight" })
    let problem = try family.problem()
    let x = try solve(problem, family.theta)
    let cold = try problem.conjugateGradientHypergradient(at: family.theta, x: x, accuracy: 1e-9)
    let warm = try problem.conjugateGradientHypergradient(at: family.theta, x: x, accuracy: 1e-9, from: cold.adjoint)
    #expect(cold.cost.hessianProducts > 5)
    #expect(warm.cost.hessianProducts == 1)
    #expect(try #require(cold.adjointResidual) <= 1e-9)
    #expect(relativeError(warm.gradient, cold.gradient) < 1e-12)
  }

  @Test("What is not finite is named, not computed with")
  func notFinite() throws {
    let problem = try #require(FamilyCase.all.first { $0.name == "ridge, shared" }).problem()
    let x = problem.lower.coldStart
    #expect(throws: BilevelError.notFinite("the hyperparameters")) {
      try problem.conjugateGradientHypergradient(at: [.nan], x: x, accuracy: 0)
    }
    #expect(throws: BilevelError.notFinite("the lower-level solution")) {
      try problem.conjugateGradientHypergradient(at: [0], x: x.map { _ in .infinity }, accuracy: 0)
    }
    #expect(throws: BilevelError.self) {
      try problem.conjugateGradientHypergradient(at: [800], x: x, accuracy: 0)
    }
  }
}
