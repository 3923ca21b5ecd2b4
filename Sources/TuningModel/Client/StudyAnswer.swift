/// What a write is answered with.
public enum StudyAnswer: Hashable, Sendable {
  /// A study was created, or was there already.
  case created(CreatedStudy)
  /// A study was changed.
  case updated(StudySummary)
  /// A study was deleted.
  case deleted
  /// Trials were handed out.
  case asked(AskAnswer)
  /// A measurement was taken.
  case reported(Decision)
  /// A trial was changed.
  case trial(Trial)
  /// Results were taken.
  case told([Trial])
  /// Trials were added.
  case enqueued([Trial])
}
