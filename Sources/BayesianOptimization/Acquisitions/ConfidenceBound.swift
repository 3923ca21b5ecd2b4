/// The lower confidence bound with its sign turned: κ·σ − mean, in units of the targets.
///
/// With κ = 0 it is the posterior mean: pure exploitation.
/// - Source: Srinivas, Krause, Kakade, Seeger 2010, "Gaussian process optimization in the bandit setting: no regret and
///   experimental design", eq. 6 (κ = √β).
public struct ConfidenceBound: Acquisition {
  /// κ, the weight of the deviation.
  public let coefficient: Double

  /// Creates a bound.
  public init(_ coefficient: Double) { self.coefficient = coefficient }

  /// The negated bound; the incumbent has no say.
  public func evaluate(mean: Double, deviation: Double, incumbent: Double) -> AcquisitionValue {
    AcquisitionValue(coefficient * deviation - mean, byMean: -1, byDeviation: coefficient)
  }
}
