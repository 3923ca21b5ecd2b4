public import NumericalMethods

/// A stationary covariance function of embedded points, as a family over its hyperparameters.
public protocol CovarianceKernel: Sendable {
  /// What the points' coordinates mean.
  var layout: InputLayout { get }

  /// The covariance at n points with hyperparameters fixed.
  func covariance(at inputs: Inputs, _ hyperparameters: Hyperparameters) -> any InputCovariance

  /// Draws random cosines whose products average to the covariance.
  ///
  /// - Parameters:
  ///   - levelCounts: for each categorical dimension the number of its levels.
  ///   - count: the number of frequencies.
  func randomFeatures(
    _ hyperparameters: Hyperparameters, levelCounts: [Int], count: Int, using random: inout some RandomNumberGenerator
  ) -> RandomFourierFeatures
}

/// A covariance function with fixed hyperparameters, made ready at n points.
public protocol InputCovariance: Sendable {
  /// The prior variance of a point, the same everywhere.
  var variance: Double { get }

  /// The covariance matrix of the n points, [n, n].
  ///
  /// The lower triangle is written; what stands above is unspecified.
  func matrix() -> Matrix

  /// The covariance matrix as `matrix()` gives it, and what its derivatives are made from.
  ///
  /// - Returns: the matrix K, and a function, to be called once, that takes W to Σ_ab W_ab · ∂K_ab by the kernel's
  ///   hyperparameters and by the points' features.
  func matrixWithGradient() -> (matrix: Matrix, contraction: (CovarianceWeights) -> CovarianceDerivatives)

  /// The covariances with m other points, [n, m].
  func cross(_ others: Inputs) -> Matrix

  /// The covariances with a few points side by side, [w, n].
  func cross(_ points: PointLanes) -> Matrix

  /// The covariances with a few points side by side, and what their derivatives are made from.
  ///
  /// - Returns: covariances k, [w, n], and a function that takes weights ω, [w, n], to Σ_i ω_li · ∂k_li/∂(features of
  ///   point l), [w, p].
  func crossWithGradient(_ points: PointLanes) -> (covariances: Matrix, contraction: @Sendable (Matrix) -> Matrix)

  /// The same covariance, ready at these points and then the others.
  func appending(_ others: Inputs) -> any InputCovariance
}
