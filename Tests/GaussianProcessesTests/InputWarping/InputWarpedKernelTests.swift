import Foundation
import GaussianProcesses
import NumericalMethods
import TestSupport
import Testing

@Suite("Kernels of warped inputs")
struct InputWarpedKernelTests {
  /// A random problem, whose three numeric dimensions are warped.
  private struct Problem {
    let base: RandomProblem
    let kernel: InputWarpedKernel
    let hyperparameters: Hyperparameters

    init(_ count: Int, seed: UInt64, shapes: [Double]? = nil) {
      base = RandomProblem(count, seed: seed)
      kernel = InputWarpedKernel(base.kernel)
      var random = SplitMix64(seed: seed + 1)
      var hyperparameters = base.hyperparameters
      hyperparameters.logWarpingShapes = shapes ?? (0..<6).map { _ in .random(in: -0.8...0.8, using: &random) }
      self.hyperparameters = hyperparameters
    }

    func process(_ range: Range<Int>) throws -> GaussianProcess {
      try GaussianProcess(
        base.observations(range), kernel: kernel, hyperparameters: hyperparameters, noise: base.noise)
    }
  }

  @Test("Shapes of 1 give the base kernel, up to the squeeze")
  func identity() throws {
    let problem = Problem(14, seed: 1, shapes: Array(repeating: 0, count: 6))
    let queries = problem.base.inputs(10..<14)
    let warped = Posterior(try problem.process(0..<10)).moments(at: queries)
    let plain = Posterior(try problem.base.process(0..<10)).moments(at: queries)
    #expect(distance(warped.means, plain.means) < 1e-5)
    #expect(distance(warped.variances, plain.variances) < 1e-5)
  }

  @Test("The likelihood's gradient agrees with finite differences, shapes included", arguments: 0..<4)
  func likelihoodGradient(seed: UInt64) throws {
    let problem = Problem(15, seed: seed)
    let likelihood = MarginalLikelihood(
      problem.base.observations(0..<15), kernel: problem.kernel, noise: problem.base.noise)
    let theta = problem.hyperparameters.vector
    #expect(theta.count == 5 + 2 + 6)
    let gradient = try likelihood.evaluate(problem.hyperparameters).gradient
    for index in theta.indices {
      let expected = derivative(index, at: theta) {
        (try? likelihood.evaluate(Hyperparameters(vector: $0, warpedDimensions: 3)).value) ?? .nan
      }
      #expect(abs(gradient[index] - expected) < 1e-7 * max(1, abs(expected)), "parameter \(index)")
    }
  }

  @Test("The derivatives by the points' features agree with finite differences", arguments: [false, true])
  func inputGradient(isWarped: Bool) throws {
    let problem = Problem(8, seed: 9)
    let kernel: any CovarianceKernel = isWarped ? problem.kernel : problem.base.kernel
    let layout = RandomProblem.layout
    var random = SplitMix64(seed: 3)
    let root = Matrix(rows: 8, columns: 8) { target in
      for index in target.indices { target[index] = .random(in: -1...1, using: &random) }
    }
    let factor = try CholeskyFactor(root.gram(of: .columns) + .identity(8))
    let solved = (0..<8).map { _ in Double.random(in: -1...1, using: &random) }
    var weights = -0.5 * factor.inverse()
    weights.ger(0.5, solved, solved)
    func value(_ points: [[Double]]) -> Double {
      let inputs = Inputs(points, active: problem.base.active, layout: layout)
      var matrix = kernel.covariance(at: inputs, problem.hyperparameters).matrix()
      matrix.mirrorLowerTriangle()
      return dot(weights.elements, matrix.elements)
    }
    let inputs = problem.base.inputs(0..<8)
    let features = kernel.covariance(at: inputs, problem.hyperparameters).matrixWithGradient()
      .contraction(
        CovarianceWeights(
          factor: factor, solved: solved, quadraticForm: 0, noiseVariances: Array(repeating: 0, count: 8))
      ).byFeatures
    for (row, point) in problem.base.points.enumerated() {
      let gradient = layout.pullback(features.row(row), at: point, active: problem.base.active[row])
      for index in [1, 2, 4] where point[index] > 0.02 && point[index] < 0.98 {
        let expected = derivative(index, at: point) { moved in
          var points = problem.base.points
          points[row] = moved
          return value(points)
        }
        #expect(abs(gradient[index] - expected) < 1e-6 * max(1, abs(expected)), "point \(row), coordinate \(index)")
      }
    }
  }

  @Test("The posterior's gradient by the point agrees with finite differences", arguments: 0..<4)
  func pointGradient(seed: UInt64) throws {
    let problem = Problem(14, seed: seed)
    let posterior = try Posterior(problem.process(0..<10), pending: problem.base.inputs(10..<13))
    let (point, active) = (problem.base.points[13], problem.base.active[13])
    func belief(_ point: [Double]) -> PointPosterior {
      posterior.evaluate(at: Inputs([point], active: [active], layout: RandomProblem.layout))
    }
    func value(_ point: [Double]) -> Double {
      let belief = belief(point)
      return 0.7 * belief.mean - 1.3 * belief.variance + dot(belief.innovations, [0.2, -0.5, 1.1])
    }
    let features = belief(point).featureGradient(byMean: 0.7, byVariance: -1.3, byInnovations: [0.2, -0.5, 1.1])
    let gradient = RandomProblem.layout.pullback(features, at: point, active: active)
    for index in [1, 2, 4] {
      #expect(abs(gradient[index] - derivative(index, at: point, step: 1e-4, value)) < 1e-6, "coordinate \(index)")
    }
  }

  @Test("Appending observations gives the process conditioned on all of them")
  func appending() throws {
    let problem = Problem(16, seed: 6)
    let (all, grown) = (
      try problem.process(0..<12), try problem.process(0..<8).appending(problem.base.observations(8..<12))
    )
    let queries = problem.base.inputs(12..<16)
    #expect(distance(Posterior(all).moments(at: queries).means, Posterior(grown).moments(at: queries).means) < 1e-10)
    let joint = Posterior(grown).joint(at: queries)
    #expect(distance(joint.covariance.diagonal, Posterior(all).moments(at: queries).variances) < 1e-10)
  }

  @Test("A fit finds that a function changes at one end only")
  func fit() {
    var random = SplitMix64(seed: 2)
    let layout = InputLayout(numeric: 1)
    let points = (0..<25).map { [Double($0) / 24] }
    // All that happens happens below 0.1.
    let values = OutputWarping.standard.warp(points.map { sin(25 * $0[0].squareRoot()) }).values
    let likelihood = MarginalLikelihood(
      Observations(Inputs(points, layout: layout), targets: values),
      kernel: InputWarpedKernel(AnisotropicKernel(layout: layout)), noise: .learned(floor: 1e-6))
    let prior = HyperparameterPrior(dimension: 1, warpedDimensions: layout.numericDimensions.count)
    let fit = likelihood.fit(prior: prior, using: &random)
    #expect(fit.hyperparameters.logWarpingShapes.count == 2)
    #expect(fit.hyperparameters.logWarpingShapes[0] < -0.3)
    let again = likelihood.fit(prior: prior, from: fit.hyperparameters, using: &random)
    #expect((again.logPosterior ?? -.infinity) >= (fit.logPosterior ?? .infinity) - 1e-6)
  }

  @Test("The prior has its mode, draws, bounds and gradient with shapes")
  func prior() {
    let prior = HyperparameterPrior(dimension: 2, warpedDimensions: 2)
    #expect(prior.mode.logWarpingShapes == [0, 0, 0, 0])
    #expect(prior.bounds.lower.count == 8 && prior.bounds.upper.count == 8)
    #expect(prior.logDensity(prior.mode).gradient.allSatisfy { abs($0) < 1e-12 })
    var random = SplitMix64(seed: 1)
    let draw = prior.draw(using: &random)
    #expect(draw == prior.clamped(draw) && draw.logWarpingShapes.count == 4)
    let theta = [-0.3, 1.2, 0.4, 0.7, -0.2, 0.1, -1.5, -5]
    let gradient = prior.logDensity(Hyperparameters(vector: theta, warpedDimensions: 2)).gradient
    for index in theta.indices {
      let expected = derivative(index, at: theta) {
        prior.logDensity(Hyperparameters(vector: $0, warpedDimensions: 2)).value
      }
      #expect(abs(gradient[index] - expected) < 1e-9)
    }
  }

  @Test("Hyperparameters with shapes are read back from their vector, and others lose or gain them")
  func vector() {
    let hyperparameters = Hyperparameters(
      logLengthscales: [1, 2], logSignalVariance: 3, logNoiseVariance: 4, logWarpingShapes: [0.5, -0.5])
    #expect(hyperparameters.vector == [1, 2, 3, 0.5, -0.5, 4])
    #expect(Hyperparameters(vector: hyperparameters.vector, warpedDimensions: 1) == hyperparameters)
    #expect(HyperparameterPrior(dimension: 2).clamped(hyperparameters).logWarpingShapes.isEmpty)
    let gained = HyperparameterPrior(dimension: 2, warpedDimensions: 2).clamped(hyperparameters)
    #expect(gained.logWarpingShapes == [0, 0, 0, 0])
  }
}
