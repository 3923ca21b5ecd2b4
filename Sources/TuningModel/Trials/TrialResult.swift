/// What a worker tells of a trial at its end.
public struct TrialResult: Hashable, Sendable {
  /// How the trial ended.
  public var outcome: Outcome
  /// The token of the lease; without one the result is accepted as long as the trial is open.
  public var leaseToken: String?

  /// How a trial ended.
  public enum Outcome: Hashable, Sendable {
    /// With values for all objectives and constrained metrics. NaN among them makes the trial failed, an infinity
    /// infeasible. A trial with a request needs the oracle's answer, which gives the objective where it is left out.
    case completed(Measurement)
    /// It was stopped early, by whomever; with metrics of its last state, else the last reported ones count.
    case pruned(reason: String?, Measurement?)
    /// The objective has no value there.
    case infeasible(reason: String?)
    /// Without a result.
    case failed(reason: String?)
  }

  /// Creates a result.
  public init(_ outcome: Outcome, leaseToken: String? = nil) {
    self.outcome = outcome
    self.leaseToken = leaseToken
  }

  /// A completed trial's answer to its request.
  public static func oracle(_ answer: OracleAnswer, leaseToken: String? = nil) -> TrialResult {
    TrialResult(.completed(Measurement([:], oracle: answer)), leaseToken: leaseToken)
  }

  /// A completed trial's metrics.
  public static func metrics(_ metrics: [String: Double], leaseToken: String? = nil) -> TrialResult {
    TrialResult(.completed(Measurement(metrics)), leaseToken: leaseToken)
  }
}
