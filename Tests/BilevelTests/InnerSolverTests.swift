import Bilevel
import NumericalMethods
import TestSupport
import Testing

@Suite("Inner solvers")
struct InnerSolverTests {
  static let solvers: [(name: String, solver: any InnerSolver)] = [
    ("accelerated gradients", AcceleratedGradient()), ("Newton", NewtonMethod()),
    ("Newton by conjugate gradients", NewtonMethod(avoidsDirectSolutions: true)), ("L-BFGS", QuasiNewtonMethod()),
  ]

  @Test("A solver comes as close as asked for", arguments: 0..<4, FamilyCase.solvable)
  func accuracy(index: Int, family: FamilyCase) throws {
    let lower = try family.problem().lower
    guard lower.constants(at: family.theta).smoothness != nil else { return }
    let expected = try #require(family.solution)
    for accuracy in [1e-2, 1e-7] {
      let found = try Self.solvers[index].solver.solve(
        lower, theta: family.theta, accuracy: accuracy, from: nil)
      #expect(found.hasConverged)
      #expect(try #require(found.accuracy) <= accuracy)
      #expect(euclideanNorm(zip(found.x, expected).map { $0 - $1 }) <= accuracy + 1e-10)
      #expect(found.cost.gradients > 0)
    }
  }

  @Test("A start at the solution costs one look or two", arguments: 0..<4)
  func warmStart(index: Int) throws {
    let family = try #require(FamilyCase.all.first { $0.name == "logistic, shared" })
    let found = try Self.solvers[index].solver.solve(
      try family.problem().lower, theta: family.theta, accuracy: 1e-6, from: family.solution)
    #expect(found.hasConverged && found.cost.gradients <= 2)
  }

  @Test("The direct method is exact, and absent where a family has none")
  func direct() throws {
    let ridge = try #require(FamilyCase.all.first { $0.name == "ridge, per weight" })
    let found = try DirectMethod().solve(try ridge.problem().lower, theta: ridge.theta, accuracy: 0, from: nil)
    #expect(relativeError(found.x, try #require(ridge.solution)) < 1e-12)
    let logistic = try #require(FamilyCase.all.first { $0.name == "logistic, shared" })
    let lower = try logistic.problem().lower
    #expect(throws: BilevelError.noDirectMethod) {
      try DirectMethod().solve(lower, theta: logistic.theta, accuracy: 0, from: nil)
    }
  }

  @Test("A search that a limit ends says so")
  func limit() throws {
    let family = try #require(FamilyCase.all.first { $0.name == "logistic, shared" })
    let found = try AcceleratedGradient(maximumIterations: 2).solve(
      try family.problem().lower, theta: family.theta, accuracy: 1e-9, from: nil)
    #expect(!found.hasConverged && found.cost.gradients == 3)
  }

  @Test("Starts and hyperparameters that are not finite are refused", arguments: 0..<4)
  func notFinite(index: Int) throws {
    let family = try #require(FamilyCase.all.first { $0.name == "logistic, shared" })
    let (lower, solver) = (try family.problem().lower, Self.solvers[index].solver)
    #expect(throws: BilevelError.notFinite("the start")) {
      try solver.solve(lower, theta: family.theta, accuracy: 1e-6, from: family.x.map { _ in .nan })
    }
    #expect(throws: BilevelError.notFinite("the hyperparameters")) {
      try solver.solve(lower, theta: [.infinity], accuracy: 1e-6, from: nil)
    }
    #expect(throws: BilevelError.self) { try solver.solve(lower, theta: [800], accuracy: 1e-6, from: family.x) }
  }
}
