/// Where a trial stands.
public enum TrialState: String, Hashable, Sendable, CaseIterable {
  /// Nobody works on it: it was enqueued, or given back.
  case waiting
  /// A worker holds its lease.
  case running
  /// A worker was told to stop it and has not answered yet.
  case stopping
  /// It has its final measurement.
  case completed
  /// It was stopped early.
  case pruned
  /// The objective has no value there; this teaches the model.
  case infeasible
  /// It ended without a result after its last retry; this teaches nothing.
  case failed

  /// Whether it can change no more.
  public var isFinal: Bool {
    switch self {
    case .waiting, .running, .stopping: false
    case .completed, .pruned, .infeasible, .failed: true
    }
  }
}

/// Reasons that Hone itself gives for a trial's state; workers may give any text.
public enum TrialReason {
  /// The worker neither told a result nor renewed its lease in time.
  public static let leaseExpired = "lease_expired"
  /// The worker gave the trial back.
  public static let preempted = "preempted"
  /// The trial took longer than the study allows.
  public static let timeout = "timeout"
  /// The final metric is NaN (failed) or infinite (infeasible).
  public static let notFinite = "not_finite"
  /// The stopping rule found the trial unpromising.
  public static let stopped = "stopped"
  /// A user said so.
  public static let user = "user"
}
