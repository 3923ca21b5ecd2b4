/// Something that happened to a trial.
///
/// The log of events is the truth; every other state is a fold over it.
public struct TrialEvent: Hashable, Sendable {
  /// The trial.
  public var trial: TrialNumber
  /// What happened.
  public var kind: Kind

  /// What happened to a trial.
  public enum Kind: Hashable, Sendable {
    /// A user added it: to be tried next, or as a result from elsewhere, whose end then follows at once.
    case enqueued(Suggestion)
    /// A worker received it. The first such event of a trial carries what was suggested; a retry repeats it.
    case started(Suggestion, worker: String?, attempt: Int)
    /// It has an intermediate measurement, on which was decided.
    case reported(TrialReport)
    /// It has its final measurement.
    case completed(Measurement)
    /// It was stopped early; with its last measurement, where there was any.
    case pruned(reason: String, Measurement?)
    /// The objective has no value there; with the metrics told, where there were any.
    case infeasible(reason: String, Measurement?)
    /// It ended without a result.
    case failed(reason: String)
    /// It goes back to wait for another worker.
    case requeued(reason: String)
    /// It had ended, and a user says that it ended otherwise.
    case corrected(TrialCorrection)
    /// It had ended, and a user takes it out of what the study goes by.
    case excluded
  }

  /// Creates an event.
  public init(_ trial: TrialNumber, _ kind: Kind) {
    self.trial = trial
    self.kind = kind
  }

  /// The kind's name in the log and on the wire.
  public var name: String {
    switch kind {
    case .enqueued: "enqueued"
    case .started: "started"
    case .reported: "reported"
    case .completed: "completed"
    case .pruned: "pruned"
    case .infeasible: "infeasible"
    case .failed: "failed"
    case .requeued: "requeued"
    case .corrected: "corrected"
    case .excluded: "excluded"
    }
  }
}
