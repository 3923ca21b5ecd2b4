import CKernels

/// The squared exponential correlation e^(−s²/2), also called Gaussian or RBF, for very smooth functions.
///
/// Its slope is B = −2·∂k/∂(s²) = e^(−s²/2).
/// - Source: Rasmussen, Williams 2006, "Gaussian processes for machine learning", eq. 4.9.
public struct SquaredExponential: RadialCorrelation {
  /// Creates the correlation; it has no parameters beside the distances' lengthscales.
  public init() {}

  /// Replaces each s² by the scaled correlation.
  public func apply(_ scale: Double, to squaredDistances: UnsafeMutableBufferPointer<Double>) {
    ckernels_squared_exponential(scale, squaredDistances.baseAddress, squaredDistances.count)
  }

  /// Replaces each s² by the scaled correlation, and writes the slopes.
  public func apply(
    _ scale: Double, to squaredDistances: UnsafeMutableBufferPointer<Double>,
    slopes: UnsafeMutableBufferPointer<Double>
  ) {
    precondition(slopes.count == squaredDistances.count, "One slope for each distance")
    ckernels_squared_exponential_slopes(
      scale, squaredDistances.baseAddress, slopes.baseAddress, squaredDistances.count)
  }

  /// Always 1: the frequencies of a Gaussian are normal.
  public func frequencyScale(using random: inout some RandomNumberGenerator) -> Double { 1 }
}
