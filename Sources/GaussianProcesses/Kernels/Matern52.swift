import CKernels

/// The Matérn correlation with smoothness 5/2: (1 + a + a²/3)·e^−a with a = √5·s.
///
/// Its slope is B = −2·∂k/∂(s²) = 5/3·(1 + a)·e^−a.
/// - Source: Rasmussen, Williams 2006, "Gaussian processes for machine learning", eq. 4.17.
public struct Matern52: RadialCorrelation {
  /// Creates the correlation; it has no parameters beside the distances' lengthscales.
  public init() {}

  /// Replaces each s² by the scaled correlation.
  public func apply(_ scale: Double, to squaredDistances: UnsafeMutableBufferPointer<Double>) {
    ckernels_matern52(scale, squaredDistances.baseAddress, squaredDistances.count)
  }

  /// Replaces each s² by the scaled correlation, and writes the slopes.
  public func apply(
    _ scale: Double, to squaredDistances: UnsafeMutableBufferPointer<Double>,
    slopes: UnsafeMutableBufferPointer<Double>
  ) {
    precondition(slopes.count == squaredDistances.count, "One slope for each distance")
    ckernels_matern52_slopes(scale, squaredDistances.baseAddress, slopes.baseAddress, squaredDistances.count)
  }

  /// Draws 1/√g with g of the gamma distribution with shape and rate 5/2.
  public func frequencyScale(using random: inout some RandomNumberGenerator) -> Double {
    maternFrequencyScale(halves: 5, using: &random)
  }
}
