/// Metrics that a worker reports for a trial.
public struct Measurement: Hashable, Sendable {
  /// The progress at which they were measured, in the user's own steps.
  public var step: Int?
  /// The values by metric; they may be infinite or NaN.
  public var metrics: [String: Double]
  /// The standard errors of some of them, where the user knows them; finite and not negative.
  public var standardErrors: [String: Double]
  /// Where workers find the state that the trial had then, such as a URI; of a completed trial the one that it ended with.
  public var checkpoint: String?
  /// What an oracle found; of final measurements of trials with a request.
  public var oracle: OracleAnswer?
  /// Where the objective lies by the oracle's answer; the study's tuner works it out.
  public var interval: ObjectiveInterval?

  /// Creates a measurement.
  public init(
    _ metrics: [String: Double], step: Int? = nil, standardErrors: [String: Double] = [:], checkpoint: String? = nil,
    oracle: OracleAnswer? = nil, interval: ObjectiveInterval? = nil
  ) {
    self.metrics = metrics
    self.step = step
    self.standardErrors = standardErrors
    self.checkpoint = checkpoint
    self.oracle = oracle
    self.interval = interval
  }
}
