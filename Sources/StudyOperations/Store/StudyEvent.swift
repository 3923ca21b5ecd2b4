public import TuningModel

/// One entry of a study's log.
public struct RecordedEvent: Hashable, Sendable {
  /// Its place in the log: 1, 2, 3, … without gaps in each study.
  public var sequence: Int
  /// When it happened.
  public var at: Timestamp
  /// What happened.
  public var event: StudyEvent

  /// Creates an entry.
  public init(sequence: Int, at: Timestamp, event: StudyEvent) {
    self.sequence = sequence
    self.at = at
    self.event = event
  }
}

/// Something that happened in a study.
public enum StudyEvent: Hashable, Sendable {
  /// To one of its trials.
  case trial(TrialEvent)
  /// A user changed its state, budget or labels.
  case updated(StudyPatch)
}
