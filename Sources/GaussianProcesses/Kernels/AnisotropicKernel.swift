/// A radial kernel with one lengthscale per dimension: k(x, x′) = σ²·c(s²), s² = Σ_j D_j(x, x′)/ℓ_j².
///
/// D_j is the squared distance of dimension j's features, or 1 between different levels (see `InputLayout`). Everything
/// is built from matrix products; levels are compared one by one.
///
/// Every kernel matrix is positive semidefinite, over any mixture of coordinates. For s is a Euclidean distance: that of
/// the points' images whose entries are the real features over ℓ_j, and for a categorical dimension the one-hot vector of
/// its level ("inactive" is one) over √2·ℓ_j. And c is a mixture of Gaussians e^(−u·s²) with weights that are not
/// negative, each of which is positive semidefinite on Euclidean spaces of any dimension. Rounding is all that can take an
/// eigenvalue below 0.
/// - Source: Schoenberg 1938, "Metric spaces and positive definite functions", theorem 2.
public struct AnisotropicKernel: CovarianceKernel {
  /// What the points' coordinates mean.
  public let layout: InputLayout
  /// The correlation c.
  public let correlation: any RadialCorrelation

  /// Creates a kernel.
  public init(_ correlation: any RadialCorrelation = Matern52(), layout: InputLayout) {
    self.layout = layout
    self.correlation = correlation
  }

  /// The covariance at n points with hyperparameters fixed.
  public func covariance(at inputs: Inputs, _ hyperparameters: Hyperparameters) -> any InputCovariance {
    AnisotropicCovariance(kernel: self, inputs: inputs, hyperparameters: hyperparameters)
  }

  /// Draws random cosines whose products average to the covariance.
  public func randomFeatures(
    _ hyperparameters: Hyperparameters, levelCounts: [Int], count: Int, using random: inout some RandomNumberGenerator
  ) -> RandomFourierFeatures {
    RandomFourierFeatures(
      correlation, layout: layout, hyperparameters: hyperparameters, levelCounts: levelCounts, count: count,
      using: &random)
  }
}
