/// A correlation that depends on the scaled squared distance s² alone, with value 1 at s² = 0.
///
/// Written in s² rather than s, so that nothing divides by a distance that is 0.
public protocol RadialCorrelation: Sendable {
  /// Replaces each s² ≥ 0 by `scale` times the correlation there.
  func apply(_ scale: Double, to squaredDistances: UnsafeMutableBufferPointer<Double>)

  /// Replaces each s² ≥ 0 by k, `scale` times the correlation, and writes the slopes B = −2·∂k/∂(s²).
  func apply(
    _ scale: Double, to squaredDistances: UnsafeMutableBufferPointer<Double>,
    slopes: UnsafeMutableBufferPointer<Double>)

  /// Draws the s for which cos(s·zᵀx), z standard normal, has the correlation as its mean.
  ///
  /// There is one for every correlation that is valid in all dimensions: such a one is a mixture of Gaussians of
  /// different widths, and s is 1 over the width.
  func frequencyScale(using random: inout some RandomNumberGenerator) -> Double
}
