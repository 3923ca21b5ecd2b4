import Foundation
import NumericalMethods

/// A Gaussian process conditioned on observations, with hyperparameters fixed.
///
/// Shape letters: n observations, d dimensions, p features, m candidates, q batch.
public struct GaussianProcess: Sendable {
  /// What it is conditioned on.
  public let observations: Observations
  /// The covariance function.
  public let kernel: any CovarianceKernel
  /// The hyperparameters.
  public let hyperparameters: Hyperparameters
  /// The mean before any data.
  public let meanFunction: PriorMean
  /// What is known of the noise.
  public let noise: NoiseModel
  let covariance: any InputCovariance
  let conditioning: Conditioning

  /// Conditions a process on observations.
  ///
  /// - Throws: when there are none, a number is not finite, or the covariance matrix is not positive definite with the
  ///   largest jitter (1e-4 of its mean diagonal).
  /// - Complexity: n³/3 flops.
  public init(
    _ observations: Observations, kernel: any CovarianceKernel, hyperparameters: Hyperparameters,
    mean: PriorMean = .profiled, noise: NoiseModel
  ) throws(GaussianProcessError) {
    self.observations = observations
    self.kernel = kernel
    self.hyperparameters = hyperparameters
    self.noise = noise
    meanFunction = mean
    let covariance = kernel.covariance(at: observations.inputs, hyperparameters)
    self.covariance = covariance
    conditioning = try Conditioning(
      noiseVariances: observations.noiseVariances(exp(hyperparameters.logNoiseVariance), noise),
      targets: mean.residuals(observations), mean: mean, covariance: covariance.matrix)
  }

  /// The mean before any data where that is a number, as it was profiled or given; 0 where it is a function.
  public var mean: Double { conditioning.mean }

  /// The mean before any data at m points, [m], in units of the targets.
  public func priorMeans(at points: Inputs) -> [Double] {
    guard case .function(let function) = meanFunction else { return Array(repeating: mean, count: points.count) }
    return function.values(at: points)
  }

  /// Deviations from the mean before any data, at m points, turned into values.
  func addingPriorMean(to deviations: [Double], at points: Inputs) -> [Double] {
    guard case .function(let function) = meanFunction else { return deviations.map { $0 + mean } }
    return zip(deviations, function.values(at: points)).map { $0 + $1 }
  }

  /// Of each observation the log density given those before it, [n]; their sum is the log marginal likelihood.
  ///
  /// - Complexity: n² flops.
  public var sequentialLogDensities: [Double] {
    let residuals = meanFunction.residuals(observations).map { $0 - mean }
    let scores = conditioning.factor.solveLower(residuals)
    let deviations = conditioning.factor.lower.diagonal
    return scores.indices.map { -0.5 * (scores[$0] * scores[$0] + log(2 * .pi)) - log(deviations[$0]) }
  }

  /// The log marginal likelihood of the observations.
  public var logMarginalLikelihood: Double { conditioning.logMarginalLikelihood }
  /// What had to be added to the covariance matrix's diagonal; 0 when nothing.
  public var jitter: Double { conditioning.factor.jitter }

  /// The process conditioned on more observations, hyperparameters kept.
  ///
  /// - Throws: as the initialiser.
  /// - Complexity: n²m flops for m new observations (and n³/3 when the longer matrix needs more jitter).
  public func appending(_ others: Observations) throws(GaussianProcessError) -> GaussianProcess {
    try GaussianProcess(self, appending: others)
  }

  private init(_ old: GaussianProcess, appending others: Observations) throws(GaussianProcessError) {
    let all = old.observations.appending(others)
    let own = exp(old.hyperparameters.logNoiseVariance)
    var block = old.kernel.covariance(at: others.inputs, old.hyperparameters).matrix()
    let m = others.count
    let variances = others.noiseVariances(own, old.noise)
    block.withUnsafeMutableElements { target in
      for i in 0..<m { target[i * m + i] += variances[i] }
    }
    let factor: CholeskyFactor
    do throws(LinearAlgebraError) {
      factor = try old.conditioning.factor.appending(cross: old.covariance.cross(others.inputs), block: block)
    } catch {
      guard case .notPositiveDefinite = error else { throw GaussianProcessError(error) }
      self = try GaussianProcess(
        all, kernel: old.kernel, hyperparameters: old.hyperparameters, mean: old.meanFunction, noise: old.noise)
      return
    }
    observations = all
    kernel = old.kernel
    hyperparameters = old.hyperparameters
    noise = old.noise
    meanFunction = old.meanFunction
    covariance = old.covariance.appending(others.inputs)
    conditioning = try Conditioning(
      factor: factor, targets: old.meanFunction.residuals(all), mean: old.meanFunction)
  }
}
