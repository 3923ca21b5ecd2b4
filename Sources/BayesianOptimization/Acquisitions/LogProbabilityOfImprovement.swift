import NumericalMethods

/// Logarithm of the probability of improving upon the incumbent by a margin: ln Φ(u), u = (incumbent − margin − mean)/σ.
///
/// It asks whether, not by how much, so it stays near the incumbent.
/// - Source: Kushner 1964, "A new method of locating the maximum point of an arbitrary multipeak curve in the presence of
///   noise"; ln Φ by erfcx, see `StandardNormal.logCDF`.
public struct LogProbabilityOfImprovement: Acquisition {
  /// How much better than the incumbent a point has to be, in units of the targets.
  public let margin: Double

  /// Creates the acquisition.
  public init(margin: Double = 0) { self.margin = margin }

  /// The log probability; finite while \|u\| < 1e150.
  public func evaluate(mean: Double, deviation: Double, incumbent: Double) -> AcquisitionValue {
    let u = (incumbent - margin - mean) / deviation
    let slope = StandardNormal.logCDFDerivative(u) / deviation
    return AcquisitionValue(StandardNormal.logCDF(u), byMean: -slope, byDeviation: -u * slope)
  }
}
