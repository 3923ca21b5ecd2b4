/// The posterior standard deviation, in units of the targets: pure exploration.
public struct PosteriorDeviation: Acquisition {
  /// Creates the acquisition; it has no parameters.
  public init() {}

  /// The deviation; mean and incumbent have no say.
  public func evaluate(mean: Double, deviation: Double, incumbent: Double) -> AcquisitionValue {
    AcquisitionValue(deviation, byMean: 0, byDeviation: 1)
  }
}
