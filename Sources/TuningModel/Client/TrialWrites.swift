/// One of several results that are told at once.
public struct ToldResult: Hashable, Sendable {
  /// The trial.
  public var trial: TrialNumber
  /// What became of it.
  public var result: TrialResult

  /// Creates one.
  public init(_ trial: TrialNumber, _ result: TrialResult) {
    self.trial = trial
    self.result = result
  }
}

/// A trial that a user adds to a study.
public struct EnqueuedTrial: Hashable, Sendable {
  /// The values of all active parameters.
  public var parameters: Parameters
  /// How it ended, for a result from elsewhere; `nil` for one that is to be tried next.
  public var outcome: TrialResult.Outcome?
  /// The intermediate measurements of a result from elsewhere, with steps that increase.
  public var measurements: [Measurement]

  /// Creates one.
  public init(
    _ parameters: Parameters, outcome: TrialResult.Outcome? = nil, measurements: [Measurement] = []
  ) {
    self.parameters = parameters
    self.outcome = outcome
    self.measurements = measurements
  }
}
