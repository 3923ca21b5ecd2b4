/// A study in a list.
public enum ListedStudy: Hashable, Sendable {
  /// One that this version can work with.
  case readable(StudySummary)
  /// One whose stored definition this version does not accept; it can be deleted.
  case unreadable(UnreadableStudy)

  /// The study's name.
  public var name: String {
    switch self {
    case .readable(let summary): summary.study.name
    case .unreadable(let study): study.name
    }
  }

  /// The study, where it can be read.
  public var summary: StudySummary? {
    if case .readable(let summary) = self { summary } else { nil }
  }
}

/// What is known of a study whose stored definition this version does not accept.
public struct UnreadableStudy: Hashable, Sendable {
  /// The name.
  public var name: String
  /// Whether it would hand out trials.
  public var state: StudyState
  /// When it was created.
  public var createdAt: Timestamp
  /// Counts every change.
  public var revision: Int
  /// The number of trials by state.
  public var counts: [TrialState: Int]
  /// What this version does not accept.
  public var error: String

  /// Creates a description.
  public init(
    name: String, state: StudyState, createdAt: Timestamp, revision: Int, counts: [TrialState: Int], error: String
  ) {
    self.name = name
    self.state = state
    self.createdAt = createdAt
    self.revision = revision
    self.counts = counts
    self.error = error
  }
}
