import Bilevel
import NumericalMethods
import TestSupport
import Testing
import TuningModel

/// What a certificate promises, on problems whose true objective and gradient can be had.
@Suite("Descent with certificates")
struct TrueDescentTests {
  private func cancer() throws -> BilevelProblem {
    let data = try RealData.cancer()
    return BilevelProblem(
      try LogisticRegression(design: data.design(0, bias: true), labels: data.signs(0), scale: .sum),
      judgedBy: try LogisticLoss(design: data.design(1, bias: true), labels: data.signs(1), scale: .sum))
  }

  private func quadratic() throws -> BilevelProblem {
    var random = SplitMix64(seed: 4)
    func draw(_ rows: Int, _ columns: Int) -> Matrix {
      Matrix(
        rows: rows, columns: columns,
        elements: (0..<rows * columns).map { _ in Double.random(in: 0...1, using: &random) })
    }
    return BilevelProblem(
      try LinearLeastSquares(
        design: draw(60, 8), influence: draw(60, 4), targets: draw(60, 1).elements, range: -100...100),
      judgedBy: try SquaredError(design: draw(60, 8), targets: draw(60, 1).elements))
  }

  @Test("On breast cancer the true loss falls with every accepted step and no error exceeds its bound")
  func logistic() throws { try holds(try cancer(), NewtonMethod(), method: .lbfgs) }

  @Test("On a quadratic the true loss falls with every accepted step and no error exceeds its bound")
  func leastSquares() throws { try holds(try quadratic(), DirectMethod(), method: .fista) }

  private func holds(_ problem: BilevelProblem, _ exact: any InnerSolver, method: InnerMethod) throws {
    var settings = BilevelRunSettings()
    settings.tuner = "maid"
    settings.certify = .on
    settings.method = method
    var run = try BilevelRun([problem], settings: settings)
    var values: [Double] = []
    var points: [[Double]] = []
    while let step = try run.advance() {
      guard step.request.kind == .hypergradient, let answer = step.answer, let z = answer.z else { continue }
      let x = try exact.solve(problem.lower, theta: step.theta, accuracy: 1e-12, from: nil).x
      let truth = try problem.conjugateGradientHypergradient(at: step.theta, x: x, accuracy: 1e-12)
      let missed = zip(z, truth.gradient).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
      let omega = try #require(answer.omega)
      #expect(missed <= omega + 1e-9)
      // The interval holds the true loss.
      let interval = try #require(step.interval)
      #expect(interval.low <= truth.value + 1e-9 && truth.value <= interval.up + 1e-9)
      if points.last != step.theta {
        points.append(step.theta)
        values.append(truth.value)
      }
    }
    #expect(points.count > 2)
    for (before, after) in zip(values, values.dropFirst()) { #expect(after < before) }
  }
}
