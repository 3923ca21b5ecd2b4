/// A radial kernel with one lengthscale per dimension: k(x, x′) = σ²·c(s²), s² = Σ_j D_j(x, x′)/ℓ_j².
///
/// D_j is the squared distance of dimension j's features, or 1 between different levels (see `InputLayout`). Everything
/// is built from matrix products; levels are compared one by one.
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
