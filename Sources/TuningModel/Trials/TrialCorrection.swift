/// How a trial has ended after all.
public struct TrialCorrection: Hashable, Sendable {
  /// The final state.
  public var state: TrialState
  /// Why, where it is not completed.
  public var reason: String?
  /// The metrics of a completed trial, and those of one that is infeasible for a metric that is not finite.
  public var measurement: Measurement?

  /// Creates a correction.
  public init(_ state: TrialState, reason: String? = nil, measurement: Measurement? = nil) {
    self.state = state
    self.reason = reason
    self.measurement = measurement
  }
}
