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
  /// - Returns: the matrix K, and a function that takes symmetric weights W, [n, n], lower triangle read, to Σ_ab W_ab ·
  ///   ∂K_ab/∂θ for the kernel's hyperparameters θ in log space: d lengthscales, then the signal variance, then the shapes of an input
  ///   warping where there is one.
  func matrixWithGradient() -> (matrix: Matrix, contraction: @Sendable (Matrix) -> [Double])

  /// The covariance matrix as `matrixWithGradient()` gives it, with the derivatives by the points' features too.
  ///
  /// - Returns: the matrix K, and a function that takes symmetric weights W to Σ_ab W_ab · ∂K_ab by the kernel's
  ///   hyperparameters, and by each feature of each point, [n, p].
  func matrixWithInputGradient() -> (
    matrix: Matrix, contraction: @Sendable (Matrix) -> (parameters: [Double], features: Matrix)
  )

  /// The covariances with m other points, [n, m].
  func cross(_ others: Inputs) -> Matrix

  /// The covariances with one other point, and what their derivatives are made from.
  ///
  /// - Returns: n covariances k, and a function that takes weights ω, [n], to Σ_i ω_i · ∂k_i/∂(features of the point), [p].
  func crossWithGradient(_ point: Inputs) -> (covariances: [Double], contraction: @Sendable ([Double]) -> [Double])

  /// The same covariance, ready at these points and then the others.
  func appending(_ others: Inputs) -> any InputCovariance
}
