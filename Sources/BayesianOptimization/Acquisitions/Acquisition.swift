/// How much is expected of measuring at a point, as a function of what the surrogate believes there.
///
/// Acquisitions see moments, not points: the surrogate's gradient completes the chain rule. Targets are minimised,
/// acquisitions are maximised. Utilities that range over many magnitudes are given by their logarithms; each
/// acquisition says so.
public protocol Acquisition: Sendable {
  /// The utility of a point.
  ///
  /// - Parameters:
  ///   - mean: the posterior mean, in units of the targets.
  ///   - deviation: the posterior standard deviation of the noiseless function, above 0.
  ///   - incumbent: the value to improve upon.
  func evaluate(mean: Double, deviation: Double, incumbent: Double) -> AcquisitionValue
}

/// A utility and its derivatives.
public struct AcquisitionValue: Hashable, Sendable {
  /// The utility, or its natural logarithm.
  public var value: Double
  /// ∂value/∂mean.
  public var byMean: Double
  /// ∂value/∂deviation.
  public var byDeviation: Double

  /// Creates a value.
  public init(_ value: Double, byMean: Double, byDeviation: Double) {
    self.value = value
    self.byMean = byMean
    self.byDeviation = byDeviation
  }
}
