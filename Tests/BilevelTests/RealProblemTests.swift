import Bilevel
import Foundation
import NumericalMethods
import TestSupport
import Testing

@Suite("Minima of real problems")
struct RealProblemTests {
  private struct Minimum: Decodable, Sendable {
    let name: String
    let start: [Double]
    let theta: [Double]
    let value: Double
    let valueAtStart: Double
    let test: Double?
    let clean: [[Double]]?
    let noisy: [[Double]]?
  }

  private func target(_ name: String) throws -> Minimum {
    let golden = try GoldenValues("bilevel-minima", of: Minimum.self, in: .module)
    return try #require(golden.cases.first { $0.name == name })
  }

  /// A published figure of a minimum: of its value, of θ, and how closely they are known.
  private func expect(_ result: MinimisationResult, at theta: [Double], _ value: Double) {
    #expect(abs(result.value - value) < 1e-9)
    // Near a minimum the value tells θ to half its digits; gradients tell it to more.
    #expect(zip(result.point, theta).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test("Total variation of ten signals comes to the minimum of Ehrhardt and Roberts")
  func variation() throws {
    let target = try target("variation")
    let (clean, noisy) = (try #require(target.clean), try #require(target.noisy))
    let strength = Hyperparameter("strength", .log10, range: -7...7, start: 0)
    let lower = try TotalVariation(
      observed: Array(noisy.joined()), .line(length: 256, startsAtZero: true), strength: .tuned(strength))
    let objective = try FoldedObjective(
      [BilevelProblem(lower, judgedBy: try SquaredDistance(target: Array(clean.joined())))],
      innerSolver: NewtonMethod(), linearSolver: DirectLinearSolver())
    let result = try objective.minimum(from: [0], accuracy: 1e-10)
    expect(result, at: target.theta, target.value)
    #expect(abs(result.value - 1.3714888338) < 1e-9)
    #expect(abs(result.point[0] + 0.314920) < 1e-5)
  }

  @Test("The penalty of logistic regression on breast cancer comes to its minimum")
  func cancer() throws {
    let (target, data) = (try target("logistic"), try RealData.cancer())
    let lower = try LogisticRegression(design: data.design(0, bias: true), labels: data.signs(0), scale: .sum)
    let upper = try LogisticLoss(design: data.design(1, bias: true), labels: data.signs(1), scale: .sum)
    let objective = try FoldedObjective([BilevelProblem(lower, judgedBy: upper)], innerSolver: NewtonMethod())
    let result = try objective.minimum(from: [0])
    expect(result, at: target.theta, target.value)
    #expect(abs(result.value - 15.8356467) < 1e-7)
    #expect(abs(result.point[0] + 0.836522) < 1e-6)
    let x = try NewtonMethod().solve(lower, theta: result.point, accuracy: 1e-9, from: nil).x
    let test = try LogisticLoss(design: data.design(2, bias: true), labels: data.signs(2))
    #expect(abs(test.evaluate(at: x, theta: result.point).value - (try #require(target.test))) < 1e-7)
  }

  @Test("Ridge penalties on diabetes come to their minima", arguments: [PenaltyStructure.shared, .perWeight])
  func ridge(structure: PenaltyStructure) throws {
    let target = try target(structure == .shared ? "ridge" : "ridge per weight")
    let data = try RealData.diabetes()
    let lower = try RidgeRegression(
      design: data.design(0), targets: data.standardisedTargets(0), penalty: structure)
    let upper = try SquaredError(design: data.design(1), targets: data.standardisedTargets(1))
    let objective = try FoldedObjective(
      [BilevelProblem(lower, judgedBy: upper)], innerSolver: DirectMethod(), linearSolver: DirectLinearSolver())
    let result = try objective.minimum(from: target.start)
    #expect(abs(result.value - target.value) < 1e-9)
    #expect(abs(result.value - (structure == .shared ? 0.243675 : 0.234078)) < 1e-6)
    if structure == .shared { #expect(abs(result.point[0] + 0.690) < 1e-3) }
    let test = try SquaredError(design: data.design(2), targets: data.standardisedTargets(2))
    let x = try #require(try lower.directSolution(at: result.point))
    let loss = test.evaluate(at: x, theta: result.point).value
    // Along flat directions of many penalties θ, and with it this, is known to few digits.
    #expect(abs(loss - (try #require(target.test))) < (structure == .shared ? 1e-7 : 1e-4))
  }

  @Test("Width and penalty of kernel ridge on diabetes come to their minimum")
  func kernelRidge() throws {
    let (target, data) = (try target("kernel ridge"), try RealData.diabetes())
    let lower = try KernelRidge(design: data.design(0), targets: data.standardisedTargets(0))
    let upper = try KernelSquaredError(
      training: data.design(0), design: data.design(1), targets: data.standardisedTargets(1))
    let objective = try FoldedObjective(
      [BilevelProblem(lower, judgedBy: upper)], innerSolver: DirectMethod(), linearSolver: DirectLinearSolver())
    #expect(zip(objective.hyperparameters.map(\.start), target.start).allSatisfy { abs($0 - $1) < 1e-14 })
    let start = try objective.evaluate(at: target.start, innerAccuracy: 0, adjointAccuracy: 1)
    #expect(abs(start.value - target.valueAtStart) < 1e-11)
    let result = try objective.minimum(from: target.start)
    expect(result, at: target.theta, target.value)
    #expect(abs(result.value - 0.241341) < 1e-6)
  }

  @Test("The penalty of multinomial regression on digits comes to its minimum")
  func digits() throws {
    let (target, data) = (try target("digits"), try RealData.digits())
    func design(_ part: Int) -> Matrix { data.design(part, standardised: false, scale: 16) }
    let lower = try MultinomialRegression(design: design(0), labels: data.labels(0), classes: 10)
    let upper = try CrossEntropy(design: design(1), labels: data.labels(1), classes: 10)
    // The solution lies in a valley of condition 1e4: a residual of 1e-7 leaves the value nine digits.
    let objective = try FoldedObjective(
      [BilevelProblem(lower, judgedBy: upper)], innerSolver: NewtonMethod(), linearSolver: DirectLinearSolver())
    let result = try objective.minimum(
      from: [-9.5], accuracy: 1e-8, options: .init(gradientTolerance: 1e-7, valueTolerance: 0))
    expect(result, at: target.theta, target.value)
    #expect(abs(result.value - 0.12953) < 1e-5)
    #expect(abs(result.point[0] + 9.681) < 5e-3)
  }
}
