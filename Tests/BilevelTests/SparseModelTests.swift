import Bilevel
import NumericalMethods
import TestSupport
import Testing

@Suite("Sparse models and support vectors")
struct SparseModelTests {
  struct Model: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let design: [[Double]]
    let targets: [Double]?
    let signs: [Double]?
    let theta: [Double]
    let solution: [Double]

    var testDescription: String { "\(name) at \(theta)" }

    func lower() throws -> any LowerLevelProblem {
      switch name {
      case "elastic net": try ElasticNet(design: Matrix(design), targets: targets ?? [])
      case "weighted lasso":
        try ElasticNet(design: Matrix(design), targets: targets ?? [], penalty: .perWeight, hasRidge: false)
      default: try HingeSupportVectors(design: Matrix(design), labels: signs ?? [])
      }
    }

    /// A loss on rows that the model has not seen: the training rows, changed a little.
    func problem() throws -> BilevelProblem {
      let lower = try lower()
      let moved = Matrix(design).map { 0.9 * $0 + 0.1 }
      if let dual = lower as? HingeSupportVectors {
        return BilevelProblem(
          dual, judgedBy: try SquaredHinge(design: dual.dualDesign(moved), labels: signs ?? []))
      }
      return BilevelProblem(lower, judgedBy: try SquaredError(design: moved, targets: targets ?? []))
    }
  }

  static let golden: GoldenValues<Model>? = try? GoldenValues("bilevel-sparse-models", in: .module)
  static let models: [Model] = golden?.cases ?? []

  @Test("All models are in the fixture")
  func present() { #expect(Self.models.count == 7) }

  @Test("Solutions are those of scikit-learn", arguments: models)
  func solutions(model: Model) throws {
    let lower = try model.lower()
    let found = try CoordinateDescent().solve(lower, theta: model.theta, accuracy: 1e-11, from: nil)
    #expect(found.hasConverged)
    let weights = (lower as? HingeSupportVectors)?.weights(found.x) ?? found.x
    #expect(relativeError(weights, model.solution) < (try #require(Self.golden)).tolerance.relative)
  }

  @Test("Hypergradients agree with finite differences", arguments: models)
  func hypergradients(model: Model) throws {
    let problem = try model.problem()
    func solve(_ theta: [Double]) throws -> [Double] {
      try CoordinateDescent().solve(problem.lower, theta: theta, accuracy: 1e-13, from: nil).x
    }
    let x = try solve(model.theta)
    let estimate = try problem.directHypergradient(at: model.theta, x: x)
    // A step small enough that no weight enters or leaves the support.
    let expected = try differences(at: model.theta, step: 1e-4) { theta in
      problem.upper.evaluate(at: try solve(theta), theta: theta).value
    }
    // Where as many multipliers are free as there are weights the weights stay the same, and both are zero.
    #expect(relativeError(estimate.gradient, expected, floor: 1e-3) < 1e-7)
    let iterative = try problem.conjugateGradientHypergradient(at: model.theta, x: x, accuracy: 0)
    #expect(relativeError(iterative.gradient, estimate.gradient, floor: 1e-3) < 1e-8)
  }

  @Test("The shortest subgradient bounds the distance to the solution of an elastic net")
  func certificate() throws {
    let model = try #require(Self.models.first)
    let lower = try model.lower()
    let exact = try CoordinateDescent().solve(lower, theta: model.theta, accuracy: 1e-13, from: nil).x
    for accuracy in [1e-1, 1e-3] {
      let found = try CoordinateDescent().solve(lower, theta: model.theta, accuracy: accuracy, from: nil)
      let distance = euclideanNorm(zip(found.x, exact).map { $0 - $1 })
      #expect(distance <= (try #require(found.accuracy)) + 1e-12)
    }
  }

  @Test("The largest penalty of the default box leaves nothing but zeros")
  func greatestPenalty() throws {
    let model = try #require(Self.models.first)
    let lower = try model.lower()
    var theta = lower.startingHyperparameters
    theta[0] = lower.hyperparameters[0].range.upperBound + 1e-9
    let found = try CoordinateDescent().solve(lower, theta: theta, accuracy: 1e-9, from: model.solution)
    #expect(found.x.allSatisfy { $0 == 0 })
  }

  @Test("Coordinate descent refuses what is not coordinatewise")
  func unsupported() throws {
    let ridge = try RidgeRegression(design: Matrix([[1], [2]]), targets: [1, 2])
    #expect(throws: BilevelError.self) {
      try CoordinateDescent().solve(ridge, theta: [0], accuracy: 1e-6, from: nil)
    }
  }
}
