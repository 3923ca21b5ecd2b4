import Foundation
import GaussianProcesses
import NumericalMethods
import TestSupport
import Testing

@Suite("A kernel that forgets")
struct TimeVaryingKernelTests {
  private static let kernel = TimeVaryingKernel(AnisotropicKernel(layout: RandomProblem.layout))

  private func inputs(_ problem: RandomProblem, _ range: Range<Int>) -> Inputs {
    Inputs(
      range.map { problem.points[$0] + [time($0)] }, active: range.map { problem.active[$0] + [true] },
      layout: Self.kernel.layout)
  }

  /// Times with repetitions, out of order.
  private func time(_ index: Int) -> Double { Double((7 * index) % 5) / 5 }

  private func hyperparameters(_ problem: RandomProblem, lengthscale: Double = 0.4) -> Hyperparameters {
    var result = problem.hyperparameters
    result.logLengthscales.append(log(lengthscale))
    return result
  }

  @Test("It is the base kernel times what is left after the time between")
  func product() {
    let problem = RandomProblem(9, seed: 1)
    let base = problem.kernel.covariance(at: problem.inputs(0..<9), problem.hyperparameters)
      .cross(problem.inputs(0..<9))
    let all = inputs(problem, 0..<9)
    let covariance = Self.kernel.covariance(at: all, hyperparameters(problem))
    let cross = covariance.cross(all)
    var matrix = covariance.matrix()
    matrix.mirrorLowerTriangle()
    #expect(distance(cross.elements, matrix.elements) < 1e-12)
    for i in 0..<9 {
      for j in 0..<9 {
        let expected = base[i, j] * exp(-abs(time(i) - time(j)) / 0.4)
        #expect(abs(cross[i, j] - expected) < 1e-13)
      }
    }
  }

  @Test("Appending points gives the covariance of all points")
  func appending() {
    let problem = RandomProblem(9, seed: 2)
    let all = inputs(problem, 0..<9)
    let whole = Self.kernel.covariance(at: all, hyperparameters(problem)).cross(all)
    let joined = Self.kernel.covariance(at: inputs(problem, 0..<5), hyperparameters(problem))
      .appending(inputs(problem, 5..<9)).cross(all)
    #expect(distance(whole.elements, joined.elements) < 1e-14)
  }

  @Test("The gradient of the likelihood agrees with finite differences", arguments: 0..<4 as Range<UInt64>)
  func likelihoodGradient(seed: UInt64) throws {
    let problem = RandomProblem(14, seed: seed)
    let likelihood = MarginalLikelihood(
      Observations(inputs(problem, 0..<14), targets: problem.targets), kernel: Self.kernel, noise: problem.noise)
    let theta = hyperparameters(problem).vector
    let gradient = try likelihood.evaluate(Hyperparameters(vector: theta)).gradient
    #expect(gradient.count == theta.count)
    for index in theta.indices {
      let expected = derivative(index, at: theta) { vector in
        (try? likelihood.evaluate(Hyperparameters(vector: vector)).value) ?? .nan
      }
      #expect(abs(gradient[index] - expected) < 1e-6 * max(1, abs(expected)), "hyperparameter \(index)")
    }
  }

  @Test("Posterior gradients agree with finite differences, by time too", arguments: 0..<3 as Range<UInt64>)
  func posteriorGradient(seed: UInt64) throws {
    let problem = RandomProblem(12, seed: seed)
    let process = try GaussianProcess(
      Observations(inputs(problem, 0..<10), targets: Array(problem.targets[..<10])), kernel: Self.kernel,
      hyperparameters: hyperparameters(problem), noise: problem.noise)
    let posterior = try Posterior(process, pending: inputs(problem, 10..<11))
    let active = problem.active[11] + [true]
    let point = problem.points[11] + [0.37]
    let found = posterior.evaluate(atAll: Inputs([point], active: [active], layout: Self.kernel.layout))
    let features = found.featureGradients(byMean: [1], byVariance: [0.5]).column(0)
    let gradient = Self.kernel.layout.pullback(features, at: point, active: active)
    for coordinate in [1, 2, 4, 5] where active[coordinate] {
      let expected = derivative(coordinate, at: point) { moved in
        let moments = posterior.moments(at: Inputs([moved], active: [active], layout: Self.kernel.layout))
        return moments.means[0] + 0.5 * moments.variances[0]
      }
      #expect(abs(gradient[coordinate] - expected) < 1e-6 * max(1, abs(expected)), "coordinate \(coordinate)")
    }
  }

  @Test("Its covariance matrix is positive semidefinite", arguments: 0..<8 as Range<UInt64>)
  func positiveSemidefinite(seed: UInt64) throws {
    let problem = RandomProblem(40, seed: seed)
    var matrix = Self.kernel.covariance(
      at: inputs(problem, 0..<40), hyperparameters(problem, lengthscale: 0.02 * Double(seed + 1))
    ).matrix()
    matrix.mirrorLowerTriangle()
    let smallest = try #require(SymmetricEigendecomposition(matrix).values.first)
    #expect(smallest > -1e-12 * 40)
  }

  @Test("Random cosines average to it")
  func randomFeatures() throws {
    let problem = RandomProblem(6, seed: 3)
    var random = SplitMix64(seed: 3)
    let features = Self.kernel.randomFeatures(
      hyperparameters(problem), levelCounts: [3, 2], count: 40_000, using: &random)
    let points = inputs(problem, 0..<6)
    let phases = features.phases(at: points)
    let expected = Self.kernel.covariance(at: points, hyperparameters(problem)).cross(points)
    // The mean of 40,000 cosines has a standard deviation below 0.005 of the variance; six of them for 15 pairs leave a
    // false alarm below 1e-7, and the seed is fixed.
    for i in 0..<6 {
      for j in 0..<i {
        let mean = (0..<40_000).reduce(0.0) { $0 + cos(phases[$1, i] - phases[$1, j]) } / 40_000
        #expect(abs(features.variance * mean - expected[i, j]) < 0.03 * features.variance)
      }
    }
  }
}
