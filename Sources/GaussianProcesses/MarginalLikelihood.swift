import Foundation
import NumericalMethods

/// The log marginal likelihood of observations as a function of hyperparameters.
public struct MarginalLikelihood: Sendable {
  /// What was measured.
  public let observations: Observations
  /// The covariance function.
  public let kernel: any CovarianceKernel
  /// The mean before any data.
  public let mean: PriorMean
  /// What is known of the noise.
  public let noise: NoiseModel
  private let residuals: [Double]

  /// Creates the function.
  public init(
    _ observations: Observations, kernel: any CovarianceKernel, mean: PriorMean = .profiled, noise: NoiseModel
  ) {
    self.observations = observations
    self.kernel = kernel
    self.mean = mean
    self.noise = noise
    residuals = mean.residuals(observations)
  }

  /// The value at some hyperparameters and its gradient by θ, their logarithms.
  ///
  /// With W = ½(ααᵀ − C⁻¹): ∂/∂θ = Σ_ab W_ab ∂C_ab/∂θ. A profiled mean adds nothing, since the value is stationary in
  /// it. The noise's derivative is 0 where it is fixed.
  /// - Throws: when C is not positive definite or overflows.
  /// - Complexity: n³ flops and one n × n × p product.
  /// - Source: Rasmussen, Williams 2006, eq. 5.9.
  public func evaluate(
    _ hyperparameters: Hyperparameters
  ) throws(GaussianProcessError) -> (value: Double, gradient: [Double]) {
    let (matrix, contraction) = kernel.covariance(at: observations.inputs, hyperparameters).matrixWithGradient()
    let own = exp(hyperparameters.logNoiseVariance)
    let solved = try Conditioning(
      covariance: matrix, noiseVariances: observations.noiseVariances(own, noise),
      targets: residuals, mean: mean)
    var weights = solved.factor.inverse()
    weights.scale(by: -0.5)
    weights.ger(0.5, solved.weights, solved.weights)
    var noiseSlope = 0.0
    if case .learned = noise {
      let diagonal = weights.diagonal
      for (index, known) in observations.knownNoiseVariances.enumerated() where known == nil {
        noiseSlope += own * diagonal[index]
      }
    }
    let gradient = contraction(weights) + [noiseSlope]
    guard gradient.allSatisfy(\.isFinite) else { throw .notFinite }
    return (solved.logMarginalLikelihood, gradient)
  }
}
