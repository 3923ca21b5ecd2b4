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
  /// - Complexity: n³ flops and one n × n × p product; two n × n matrices.
  /// - Source: Rasmussen, Williams 2006, eq. 5.9.
  public func evaluate(
    _ hyperparameters: Hyperparameters
  ) throws(GaussianProcessError) -> (value: Double, gradient: [Double]) {
    let covariance = kernel.covariance(at: observations.inputs, hyperparameters)
    var (matrix, contraction) = covariance.matrixWithGradient()
    let own = exp(hyperparameters.logNoiseVariance)
    let noiseVariances = observations.noiseVariances(own, noise)
    var isUsed = false
    let solved = try Conditioning(noiseVariances: noiseVariances, targets: residuals, mean: mean) {
      // The first matrix is factored where it stands; should it need jitter, it is made again.
      defer { (matrix, isUsed) = (Matrix(rows: 0, columns: 0), true) }
      return isUsed ? covariance.matrix() : matrix
    }
    let derivatives = contraction(
      CovarianceWeights(
        factor: solved.factor, solved: solved.weights, quadraticForm: solved.quadraticForm,
        noiseVariances: noiseVariances.map { $0 + solved.factor.jitter }))
    var noiseSlope = 0.0
    if case .learned = noise {
      for (index, known) in observations.knownNoiseVariances.enumerated() where known == nil {
        noiseSlope += own * derivatives.byDiagonal[index]
      }
    }
    let gradient = derivatives.byHyperparameters + [noiseSlope]
    guard gradient.allSatisfy(\.isFinite) else { throw .notFinite }
    return (solved.logMarginalLikelihood, gradient)
  }
}
