/// One entry of a study's log, as those who watch it receive it.
public struct StudyNotice: Hashable, Sendable {
  /// Its place in the log: 1, 2, 3, … without gaps in each study.
  public var sequence: Int
  /// When it happened.
  public var at: Timestamp
  /// What happened, such as `started`; a newer version may have others.
  public var kind: String
  /// The trial to which it happened; `nil` for the study itself.
  public var trial: TrialNumber?
  /// What there is to say of it, by kind.
  public var details: JSONValue

  /// Creates an entry.
  public init(sequence: Int, at: Timestamp, kind: String, trial: TrialNumber?, details: JSONValue) {
    self.sequence = sequence
    self.at = at
    self.kind = kind
    self.trial = trial
    self.details = details
  }
}
