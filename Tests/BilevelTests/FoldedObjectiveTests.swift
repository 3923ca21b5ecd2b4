import Bilevel
import NumericalMethods
import TestSupport
import Testing

@Suite("Folds")
struct FoldedObjectiveTests {
  /// Two folds that differ in their data.
  private func folds() throws -> [BilevelProblem] {
    let data = try RealData.diabetes()
    return try [(0, 1), (1, 0)].map { train, validation in
      BilevelProblem(
        try RidgeRegression(
          design: data.design(train), targets: data.standardisedTargets(train), penalty: .perWeight),
        judgedBy: try SquaredError(
          design: data.design(validation), targets: data.standardisedTargets(validation)))
    }
  }

  @Test("Value and hypergradient are the means over folds, and agree with finite differences")
  func mean() throws {
    let objective = try FoldedObjective(
      try folds(), innerSolver: DirectMethod(), linearSolver: DirectLinearSolver())
    let theta = (0..<10).map { -1 + 0.1 * Double($0) }
    let found = try objective.evaluate(at: theta, innerAccuracy: 0, adjointAccuracy: 1)
    let single = try objective.folds.map {
      try FoldedObjective([$0], innerSolver: DirectMethod()).evaluate(
        at: theta, innerAccuracy: 0, adjointAccuracy: 1e-12)
    }
    #expect(abs(found.value - (single[0].value + single[1].value) / 2) < 1e-14)
    let expected = try differences(at: theta, step: 1e-3) {
      try objective.evaluate(at: $0, innerAccuracy: 0, adjointAccuracy: 1).value
    }
    #expect(relativeError(found.gradient, expected) < 1e-7)
    let interval = try #require(found.interval)
    #expect(interval.contains(found.value) && interval.upperBound - interval.lowerBound < 1e-10)
  }

  @Test("A warm start gives each fold its own solution and adjoint back")
  func warmStart() throws {
    let objective = try FoldedObjective(try folds(), innerSolver: AcceleratedGradient())
    let theta = [Double](repeating: -1, count: 10)
    let cold = try objective.evaluate(at: theta, innerAccuracy: 1e-6, adjointAccuracy: 1e-6)
    let warm = try objective.evaluate(
      at: theta, innerAccuracy: 1e-6, adjointAccuracy: 1e-6, from: cold.warmStart)
    #expect(cold.hasConverged && warm.hasConverged)
    #expect(warm.cost.gradients <= 4 && warm.cost.hessianProducts <= 4)
    #expect(cold.cost.gradients > 20)
  }

  @Test("The bound of the mean holds, and shrinks with the accuracies")
  func bound() throws {
    let objective = try FoldedObjective(try folds(), innerSolver: AcceleratedGradient())
    let theta = [Double](repeating: -1, count: 10)
    let exact = try objective.evaluate(at: theta, innerAccuracy: 1e-12, adjointAccuracy: 1e-12)
    var last = Double.infinity
    for accuracy in [1e-2, 1e-4, 1e-6] {
      let found = try objective.evaluate(at: theta, innerAccuracy: accuracy, adjointAccuracy: accuracy)
      let bound = try #require(found.errorBound)
      #expect(euclideanNorm(zip(found.gradient, exact.gradient).map { $0 - $1 }) <= bound)
      #expect(try #require(found.interval).contains(exact.value))
      #expect(bound < last)
      last = bound
    }
  }

  @Test("No folds, and folds that differ in their hyperparameters, are refused")
  func refusals() throws {
    let grouped = try BilevelProblem(
      RidgeRegression(design: Matrix([[1], [2]]), targets: [1, 2]),
      judgedBy: SquaredError(design: Matrix([[1]]), targets: [1]))
    #expect(throws: BilevelError.self) { try FoldedObjective([], innerSolver: DirectMethod()) }
    #expect(throws: BilevelError.self) {
      try FoldedObjective(try folds() + [grouped], innerSolver: DirectMethod())
    }
  }
}
