import Bilevel
import NumericalMethods
import TestSupport
import Testing

@Suite("Error bounds")
struct ErrorBoundTests {
  static let certified = FamilyCase.solvable.filter {
    !["kernel ridge", "squared-hinge support vectors", "field of experts"].contains($0.name)
  }

  @Test(
    "Bounds hold at every accuracy, and sharpened ones are no larger", arguments: certified, [1e-1, 1e-3, 1e-6])
  func holds(family: FamilyCase, accuracy: Double) throws {
    let problem = try family.problem()
    let theta = family.theta
    let expected = try #require(family.hypergradient)
    let start = zip(try #require(family.solution), family.v).map { $0 + accuracy * $1 }
    let inner = try AcceleratedGradient().solve(problem.lower, theta: theta, accuracy: accuracy, from: start)
    #expect(inner.hasConverged)
    let estimate = try problem.conjugateGradientHypergradient(at: theta, x: inner.x, accuracy: accuracy)
    let error = euclideanNorm(zip(estimate.gradient, expected).map { $0 - $1 })
    let declared = problem.declaredKnowledge(at: theta, solution: inner)
    let sharpened = try problem.sharpenedKnowledge(at: theta, solution: inner)
    let bound = try #require(problem.errorBound(of: estimate, at: theta, declared))
    let sharper = try #require(problem.errorBound(of: estimate, at: theta, sharpened))
    #expect(error <= sharper + 1e-10)
    #expect(sharper <= bound)
    let distance = euclideanNorm(zip(inner.x, try #require(family.solution)).map { $0 - $1 })
    let accuracy = try #require(sharpened.accuracy)
    #expect(distance <= accuracy + 1e-10)
    let interval = try #require(problem.valueInterval(of: estimate, at: theta, sharpened))
    let exact = try #require(family.solutionValue)
    #expect(interval.lowerBound <= exact + 1e-10 && exact <= interval.upperBound + 1e-10)
  }

  @Test("A penalty that underflows leaves nothing certified")
  func underflow() throws {
    let family = try #require(FamilyCase.all.first { $0.name == "logistic, shared" })
    let problem = try family.problem()
    let inner = try NewtonMethod(maximumIterations: 5).solve(problem.lower, theta: [-800], accuracy: 1e-3, from: nil)
    #expect(inner.accuracy == nil)
    let estimate = try problem.neumannHypergradient(at: [-800], x: inner.x, steps: 3, stepSize: 0.1)
    let knowledge = problem.declaredKnowledge(at: [-800], solution: inner)
    #expect(problem.errorBound(of: estimate, at: [-800], knowledge) == nil)
    #expect(problem.valueInterval(of: estimate, at: [-800], knowledge) == nil)
  }

  @Test("Nothing is certified where a constant is not known")
  func unknown() throws {
    let family = try #require(FamilyCase.all.first { $0.name == "kernel ridge" })
    let problem = try family.problem()
    let inner = try DirectMethod().solve(problem.lower, theta: family.theta, accuracy: 0, from: nil)
    let estimate = try problem.directHypergradient(at: family.theta, x: inner.x)
    let knowledge = problem.declaredKnowledge(at: family.theta, solution: inner)
    #expect(problem.errorBound(of: estimate, at: family.theta, knowledge) == nil)
  }
}
