import CKernels

/// The Matérn correlation with smoothness 3/2: (1 + a)·e^−a with a = √3·s, for functions with kinks.
///
/// Its slope is B = −2·∂k/∂(s²) = 3·e^−a, finite at s = 0 although k has no second derivative there.
/// - Source: Rasmussen, Williams 2006, "Gaussian processes for machine learning", eq. 4.17.
public struct Matern32: RadialCorrelation {
  /// Creates the correlation; it has no parameters beside the distances' lengthscales.
  public init() {}

  /// Replaces each s² by the scaled correlation.
  public func apply(_ scale: Double, to squaredDistances: UnsafeMutableBufferPointer<Double>) {
    ckernels_matern32(scale, squaredDistances.baseAddress, squaredDistances.count)
  }

  /// Replaces each s² by the scaled correlation, and writes the slopes.
  public func apply(
    _ scale: Double, to squaredDistances: UnsafeMutableBufferPointer<Double>,
    slopes: UnsafeMutableBufferPointer<Double>
  ) {
    precondition(slopes.count == squaredDistances.count, "One slope for each distance")
    ckernels_matern32_slopes(scale, squaredDistances.baseAddress, slopes.baseAddress, squaredDistances.count)
  }

  /// Draws 1/√g with g of the gamma distribution with shape and rate 3/2.
  public func frequencyScale(using random: inout some RandomNumberGenerator) -> Double {
    maternFrequencyScale(halves: 3, using: &random)
  }
}
