import Foundation
import GaussianProcesses
import NumericalMethods
import TestSupport
import Testing

@Suite("Posteriors")
struct PosteriorTests {
  @Test("A posterior without noise returns the observations, and no variance is left there")
  func interpolates() throws {
    let problem = RandomProblem(10, seed: 3, noiseVariance: 1e-10)
    let process = try GaussianProcess(
      problem.observations(0..<10), kernel: problem.kernel, hyperparameters: problem.hyperparameters,
      noise: .fixed(1e-10))
    let moments = Posterior(process).moments(at: problem.inputs(0..<10))
    #expect(distance(moments.means, problem.targets) < 1e-6)
    #expect(moments.variances.allSatisfy { $0 < 1e-8 })
  }

  @Test("Appending observations gives the process conditioned on all of them", arguments: 0..<4)
  func appending(seed: UInt64) throws {
    let problem = RandomProblem(14, seed: seed)
    let all = try problem.process(0..<14)
    let grown = try problem.process(0..<9).appending(problem.observations(9..<12)).appending(
      problem.observations(12..<14))
    let queries = RandomProblem(6, seed: seed + 100).inputs(0..<6)
    #expect(abs(all.logMarginalLikelihood - grown.logMarginalLikelihood) < 1e-9)
    #expect(distance(Posterior(all).moments(at: queries).means, Posterior(grown).moments(at: queries).means) < 1e-10)
    let variances = Posterior(all).moments(at: queries).variances
    #expect(distance(variances, Posterior(grown).moments(at: queries).variances) < 1e-10)
  }

  @Test("The belief at one point agrees with the moments at many", arguments: 0..<4)
  func pointAgrees(seed: UInt64) throws {
    let problem = RandomProblem(17, seed: seed)
    let posterior = try Posterior(problem.process(0..<10), pending: problem.inputs(10..<13))
    let moments = posterior.moments(at: problem.inputs(13..<17))
    for index in 0..<4 {
      let point = posterior.evaluate(at: problem.inputs(13 + index..<14 + index))
      #expect(abs(point.mean - moments.means[index]) < 1e-12)
      #expect(abs(point.variance - moments.variances[index]) < 1e-12)
      #expect(distance(point.innovations, moments.innovations.column(index)) < 1e-12)
    }
  }

  @Test("Near the observations the variance is as accurate as triangular solves make it", arguments: 0..<4)
  func accurateVariance(seed: UInt64) throws {
    let problem = RandomProblem(60, seed: seed, noiseVariance: 1e-8)
    let process = try GaussianProcess(
      problem.observations(0..<50), kernel: problem.kernel, hyperparameters: problem.hyperparameters,
      noise: .fixed(1e-8))
    // At an observation the variance is σ_n²·(1 − σ_n²·C⁻¹_ii), so between 0.9 and 1 times the noise's where that is small.
    let variances = Posterior(process).moments(at: problem.inputs(0..<50)).variances
    #expect(variances.allSatisfy { $0 > 0 && $0 < 1.0001e-8 + 1e-14 })
  }

  @Test("Beliefs of many points are those of single ones, to the last bit")
  func manyPoints() throws {
    let problem = RandomProblem(55, seed: 9)
    let posterior = try Posterior(problem.process(0..<21), pending: problem.inputs(21..<24))
    let points = problem.inputs(24..<55)
    let all = posterior.evaluate(atAll: points)
    let moments = posterior.moments(at: points)
    #expect(all.means == moments.means && all.variances == moments.variances)
    #expect(all.innovations == moments.innovations)
    #expect(posterior.means(at: points) == moments.means)
    var random = SplitMix64(seed: 4)
    let byMean = (0..<31).map { _ in Double.random(in: -1...1, using: &random) }
    let byVariance = (0..<31).map { _ in Double.random(in: -1...1, using: &random) }
    let gradients = all.featureGradients(byMean: byMean, byVariance: byVariance, byInnovations: all.innovations)
    for index in 0..<31 {
      let point = posterior.evaluate(at: problem.inputs(24 + index..<25 + index))
      #expect(point.mean == all.means[index] && point.variance == all.variances[index])
      let gradient = point.featureGradient(
        byMean: byMean[index], byVariance: byVariance[index], byInnovations: point.innovations)
      #expect(gradient == gradients.column(index), "point \(index)")
    }
  }

  @Test("Gradients of mean, variance and innovations agree with finite differences", arguments: 0..<6)
  func gradients(seed: UInt64) throws {
    let problem = RandomProblem(14, seed: seed)
    let posterior = try Posterior(problem.process(0..<10), pending: problem.inputs(10..<13))
    let (point, active) = (problem.points[13], problem.active[13])
    func belief(_ point: [Double]) -> PointPosterior {
      posterior.evaluate(at: Inputs([point], active: [active], layout: RandomProblem.layout))
    }
    func value(_ point: [Double]) -> Double {
      let belief = belief(point)
      return 0.7 * belief.mean - 1.3 * belief.variance
        + zip(belief.innovations, [0.2, -0.5, 1.1]).reduce(0) {
          $0 + $1.0 * $1.1
        }
    }
    let features = belief(point).featureGradient(byMean: 0.7, byVariance: -1.3, byInnovations: [0.2, -0.5, 1.1])
    let gradient = RandomProblem.layout.pullback(features, at: point, active: active)
    for index in [1, 2, 4] {
      #expect(abs(gradient[index] - derivative(index, at: point, value)) < 1e-8, "coordinate \(index)")
    }
    #expect(gradient[0] == 0 && gradient[3] == 0)
  }

  @Test("A pending point takes variance away and leaves the mean")
  func pendingIsBelieved() throws {
    let problem = RandomProblem(12, seed: 5)
    let process = try problem.process(0..<10)
    let queries = problem.inputs(10..<12)
    let before = Posterior(process).moments(at: queries)
    let after = try Posterior(process, pending: problem.inputs(10..<11)).moments(at: queries)
    #expect(distance(before.means, after.means) < 1e-12)
    #expect(after.variances[0] < 1e-5 && before.variances[0] > 1e-3)
    #expect(after.variances[1] <= before.variances[1])
  }

  @Test("Pending values shift the mean as observing them would")
  func innovationsAreConditioning() throws {
    let problem = RandomProblem(16, seed: 6)
    let process = try GaussianProcess(
      problem.observations(0..<10), kernel: problem.kernel, hyperparameters: problem.hyperparameters,
      mean: .fixed(0.3), noise: problem.noise)
    let pending = problem.inputs(10..<13)
    let queries = problem.inputs(13..<16)
    let posterior = try Posterior(process, pending: pending)
    let z = [0.4, -1.2, 0.9]
    let values = zip(posterior.pendingMeans, posterior.pendingFactor.multiplying(z)).map { $0 + $1 }
    let moments = posterior.moments(at: queries)
    let shifted = zip(moments.means, moments.innovations.multiplying(z, transposing: true)).map { $0 + $1 }
    // The nugget that tells pending points apart, as noise that is known.
    let nugget = 1e-6 * exp(problem.hyperparameters.logSignalVariance)
    let told = try process.appending(
      Observations(pending, targets: values, knownNoiseVariances: Array(repeating: nugget, count: 3)))
    let observed = Posterior(told).moments(at: queries)
    #expect(distance(shifted, observed.means) < 1e-9)
    #expect(distance(moments.variances, observed.variances) < 1e-9)
  }

  @Test("Pending points that coincide are told apart")
  func coincidingPending() throws {
    let problem = RandomProblem(8, seed: 7)
    let twice = problem.inputs(7..<8).appending(problem.inputs(7..<8)).appending(problem.inputs(0..<1))
    let posterior = try Posterior(problem.process(0..<7), pending: twice)
    #expect(posterior.moments(at: problem.inputs(7..<8)).variances[0] < 1e-4)
  }
}
