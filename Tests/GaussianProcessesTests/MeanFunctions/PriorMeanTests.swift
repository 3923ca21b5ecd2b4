import Foundation
import GaussianProcesses
import NumericalMethods
import TestSupport
import Testing

@Suite("Posteriors with a mean function")
struct PriorMeanTests {
  private static let kinds = MeanFunctionKind.allCases

  private func process(
    _ problem: RandomProblem, _ range: Range<Int>, _ kind: MeanFunctionKind, noise: NoiseModel? = nil
  ) throws -> GaussianProcess {
    let observations = problem.observations(range)
    return try GaussianProcess(
      observations, kernel: problem.kernel, hyperparameters: problem.hyperparameters,
      mean: kind.fitted(to: observations), noise: noise ?? problem.noise)
  }

  @Test("Without noise the observations come back, whatever the mean", arguments: kinds)
  func interpolates(kind: MeanFunctionKind) throws {
    let problem = RandomProblem(12, seed: 3, noiseVariance: 1e-10)
    let process = try process(problem, 0..<12, kind, noise: .fixed(1e-10))
    #expect(distance(Posterior(process).moments(at: problem.inputs(0..<12)).means, problem.targets) < 1e-6)
  }

  @Test("The posterior is that of the residuals, plus the mean", arguments: kinds.filter { $0 != .constant })
  func residuals(kind: MeanFunctionKind) throws {
    let problem = RandomProblem(24, seed: 4)
    let process = try process(problem, 0..<20, kind)
    let queries = problem.inputs(20..<24)
    let function = kind.function(problem.observations(0..<20))
    let left = zip(problem.targets, function.values(at: problem.inputs(0..<20))).map { $0 - $1 }
    let bare = try GaussianProcess(
      Observations(problem.inputs(0..<20), targets: left), kernel: problem.kernel,
      hyperparameters: problem.hyperparameters, mean: .fixed(0), noise: problem.noise)
    let (moments, expected) = (Posterior(process).moments(at: queries), Posterior(bare).moments(at: queries))
    let shifted = zip(expected.means, function.values(at: queries)).map { $0 + $1 }
    #expect(distance(moments.means, shifted) < 1e-10)
    #expect(distance(Posterior(process).joint(at: queries).means, shifted) < 1e-10)
    #expect(distance(moments.variances, expected.variances) < 1e-14)
    #expect(abs(process.logMarginalLikelihood - bare.logMarginalLikelihood) < 1e-9)
    #expect(distance(process.priorMeans(at: queries), function.values(at: queries)) < 1e-14)
  }

  @Test("The gradient at a point has the mean's in it", arguments: kinds)
  func gradient(kind: MeanFunctionKind) throws {
    let problem = RandomProblem(44, seed: 5)
    let posterior = try Posterior(process(problem, 0..<40, kind), pending: problem.inputs(40..<43))
    let (point, active) = (problem.points[43], problem.active[43])
    func belief(_ point: [Double]) -> PointPosterior {
      posterior.evaluate(at: Inputs([point], active: [active], layout: RandomProblem.layout))
    }
    let gradient = RandomProblem.layout.pullback(
      belief(point).featureGradient(byMean: 0.7, byVariance: -1.3), at: point, active: active)
    // Short, so that no threshold of the forest lies within the step.
    for index in [1, 2, 4] {
      let expected = derivative(index, at: point, step: 1e-5) { 0.7 * belief($0).mean - 1.3 * belief($0).variance }
      #expect(abs(gradient[index] - expected) < 1e-7, "coordinate \(index)")
    }
    let moments = posterior.moments(at: problem.inputs(43..<44))
    #expect(abs(belief(point).mean - moments.means[0]) < 1e-12)
    let pending = Posterior(posterior.process).moments(at: problem.inputs(40..<43))
    #expect(distance(posterior.pendingMeans, pending.means) < 1e-10)
  }

  @Test("Appending observations keeps the mean as it was fitted", arguments: kinds.filter { $0 != .constant })
  func appending(kind: MeanFunctionKind) throws {
    let problem = RandomProblem(24, seed: 6)
    let grown = try process(problem, 0..<15, kind).appending(problem.observations(15..<20))
    let all = try GaussianProcess(
      problem.observations(0..<20), kernel: problem.kernel, hyperparameters: problem.hyperparameters,
      mean: kind.fitted(to: problem.observations(0..<15)), noise: problem.noise)
    let queries = problem.inputs(20..<24)
    #expect(distance(Posterior(grown).moments(at: queries).means, Posterior(all).moments(at: queries).means) < 1e-9)
  }

  @Test("The likelihood's gradient agrees with finite differences", arguments: [MeanFunctionKind.quadratic, .worst])
  func likelihood(kind: MeanFunctionKind) throws {
    let problem = RandomProblem(30, seed: 7)
    let observations = problem.observations(0..<30)
    let likelihood = MarginalLikelihood(
      observations, kernel: problem.kernel, mean: kind.fitted(to: observations), noise: problem.noise)
    let theta = problem.hyperparameters.vector
    let gradient = try likelihood.evaluate(problem.hyperparameters).gradient
    for index in theta.indices {
      let expected = derivative(index, at: theta) {
        (try? likelihood.evaluate(Hyperparameters(vector: $0)).value) ?? .nan
      }
      #expect(abs(gradient[index] - expected) < 1e-7 * max(1, abs(expected)))
    }
  }

  @Test("A process far from its data returns to the mean function")
  func returnsToTheMean() throws {
    let points = (0..<10).map { [Double($0) / 30] }
    let observations = Observations(Inputs(points, layout: InputLayout(numeric: 1)), targets: points.map { 5 * $0[0] })
    let process = try GaussianProcess(
      observations, kernel: AnisotropicKernel(layout: InputLayout(numeric: 1)),
      hyperparameters: Hyperparameters(lengthscales: [0.01], signalVariance: 1, noiseVariance: 0.1),
      mean: MeanFunctionKind.linear.fitted(to: observations), noise: .learned(floor: 1e-6))
    let mean = Posterior(process).moments(at: Inputs([[1]], layout: InputLayout(numeric: 1))).means[0]
    #expect(abs(mean - 5) < 1e-3)
  }

  @Test("Fits stay sound with one observation, equal targets, duplicates and nothing left over", arguments: kinds)
  func extremes(kind: MeanFunctionKind) throws {
    let line = (0..<12).map { [Double($0) / 11, 0.5] }
    let problems: [(points: [[Double]], targets: [Double])] = [
      ([[0.2, 0.8]], [1.5]),
      (line, Array(repeating: 0, count: 12)),
      (Array(repeating: [0.4, 0.6], count: 6) + [[0.1, 0.1], [0.9, 0.5]], [1, -1, 1, -1, 1, -1, 0, 0.3]),
      (line, line.map { 3 * $0[0] - 1 }),
      (line, [0, 0, 0, 0, 0, 1e6, 0, 0, 0, 0, 0, 0]),
    ]
    for problem in problems {
      let inputs = Inputs(problem.points, layout: InputLayout(numeric: 2))
      let observations = Observations(inputs, targets: problem.targets)
      let (kernel, mean) = (AnisotropicKernel(layout: inputs.layout), kind.fitted(to: observations))
      var random = SplitMix64(seed: 1)
      let noise = NoiseModel.learned(floor: 1e-6)
      let fit = MarginalLikelihood(observations, kernel: kernel, mean: mean, noise: noise)
        .fit(prior: HyperparameterPrior(dimension: 2), using: &random)
      let process = try GaussianProcess(
        observations, kernel: kernel, hyperparameters: fit.hyperparameters, mean: mean, noise: noise)
      let moments = Posterior(process).moments(at: Inputs([[0, 0], [1, 1], [0.4, 0.6]], layout: inputs.layout))
      #expect(moments.means.allSatisfy { $0.isFinite } && moments.variances.allSatisfy { $0 >= 0 && $0.isFinite })
    }
  }
}
