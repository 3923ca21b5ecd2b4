import Bilevel
import NumericalMethods
import TestSupport
import Testing

@Suite("Least squares with moving targets")
struct QuadraticProblemTests {
  private func problem() throws -> (BilevelProblem, Matrix, Matrix) {
    var random = SplitMix64(seed: 8)
    func table(_ rows: Int, _ columns: Int) -> Matrix {
      Matrix(
        rows: rows, columns: columns,
        elements: (0..<rows * columns).map { _ in Double.random(in: 0...1, using: &random) })
    }
    let (design, influence) = (table(30, 4), table(30, 3))
    let lower = try LinearLeastSquares(
      design: design, influence: influence, targets: table(30, 1).elements)
    let upper = try SquaredError(design: table(20, 4), targets: table(20, 1).elements)
    return (BilevelProblem(lower, judgedBy: upper), design, influence)
  }

  @Test("Derivatives and hypergradients agree with finite differences")
  func derivatives() throws {
    let (problem, _, _) = try problem()
    let (lower, theta) = (problem.lower, problem.lower.startingHyperparameters)
    #expect(theta == [1, 1, 1])
    let x = try #require(try lower.directSolution(at: theta))
    var gradient = x
    let slopes = differences(at: theta, step: 1e-3) { lower.evaluate(at: x, theta: $0, gradient: &gradient) }
    #expect(relativeError(lower.hyperparameterGradient(at: x, theta: theta), slopes) < 1e-7)
    let estimate = try problem.conjugateGradientHypergradient(at: theta, x: x, accuracy: 0)
    let expected = try differences(at: theta, step: 1e-3) { theta in
      problem.upper.evaluate(at: try #require(try lower.directSolution(at: theta)), theta: theta).value
    }
    #expect(relativeError(estimate.gradient, expected) < 1e-7)
  }

  @Test("Accelerated gradients need some √(L/μ)·log(1/ε) steps, not L/μ")
  func acceleration() throws {
    let scales = (0..<50).map { 1 + 99 * Double($0) / 49 }
    let lower = try LinearLeastSquares(
      design: .diagonal(scales), influence: Matrix(rows: 50, columns: 1, repeating: 1),
      targets: [Double](repeating: 2, count: 50))
    let found = try AcceleratedGradient().solve(lower, theta: [1], accuracy: 1e-8, from: nil)
    // √(L/μ) is 100 and log(1/ε) 18; gradient descent would take some 90,000.
    #expect(found.hasConverged && found.cost.gradients < 3_000)
    let exact = try #require(try lower.directSolution(at: [1]))
    #expect(euclideanNorm(zip(found.x, exact).map { $0 - $1 }) <= 1e-8)
  }

  @Test("The mixed derivatives are constant, so that the error bound is linear in the accuracies")
  func bound() throws {
    let (problem, design, influence) = try problem()
    let theta = problem.lower.startingHyperparameters
    let inner = try AcceleratedGradient().solve(problem.lower, theta: theta, accuracy: 1e-3, from: nil)
    let estimate = try problem.conjugateGradientHypergradient(at: theta, x: inner.x, accuracy: 1e-3)
    let knowledge = problem.declaredKnowledge(at: theta, solution: inner)
    let bound = try #require(problem.errorBound(of: estimate, at: theta, knowledge))
    let cross = design.multiplying(influence, transposing: .left)
    let norm = try #require(try cross.gram(of: .columns).symmetricEigenvalues().last).squareRoot()
    let mu = try #require(knowledge.constants.strongConvexity)
    let lipschitz = try #require(problem.upper.gradientLipschitz(at: theta))
    let (epsilon, delta) = (try #require(knowledge.accuracy), try #require(estimate.adjointResidual))
    #expect(relativeError(bound, norm / mu * (lipschitz * epsilon + delta)) < 1e-9)
  }

  @Test("A term of the hyperparameters enters value and gradient")
  func regulariser() throws {
    let (problem, _, _) = try problem()
    let theta = [0.5, -1, 2]
    let x = problem.lower.coldStart
    let plain = try problem.directHypergradient(at: theta, x: x)
    let regularised = BilevelProblem(
      problem.lower,
      judgedBy: RegularisedLoss(problem.upper) { theta in (dot(theta, theta), theta.map { 2 * $0 }) })
    let found = try regularised.directHypergradient(at: theta, x: x)
    #expect(abs(found.value - plain.value - 5.25) < 1e-12)
    #expect(relativeError(zip(found.gradient, plain.gradient).map { $0 - $1 }, [1, -2, 4]) < 1e-12)
  }
}
