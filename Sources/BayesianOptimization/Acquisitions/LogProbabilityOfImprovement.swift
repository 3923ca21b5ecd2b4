import NumericalMethods

/// Logarithm of the probability of improving upon the incumbent: ln Φ(u), u = (incumbent − mean)/σ.
///
/// It asks whether, not by how much, so it stays near the incumbent.
/// - Source: Kushner 1964, "A new method of locating the maximum point of an arbitrary multipeak curve in the presence of
///   noise"; ln Φ by erfcx, see `StandardNormal.logCDF`.
public struct LogProbabilityOfImprovement: Acquisition {
  /// Creates the acquisition; it has no parameters.
  public init() {}

  /// The log probability; finite while \|u\| < 1e150.
  public func evaluate(mean: Double, deviation: Double, incumbent: Double) -> AcquisitionValue {
    let u = (incumbent - mean) / deviation
    let slope = StandardNormal.logCDFDerivative(u) / deviation
    return AcquisitionValue(StandardNormal.logCDF(u), byMean: -slope, byDeviation: -u * slope)
  }
}
