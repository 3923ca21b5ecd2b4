/// A study as it is kept: what was asked for, and where it stands.
public struct Study: Hashable, Sendable {
  /// What the user asked for.
  public var definition: StudyDefinition
  /// The seed in use: the user's, or the one drawn at creation.
  public var seed: StudySeed
  /// The name of the tuner in use, which the user or the catalog chose.
  public var tunerName: String
  /// Whether it hands out trials.
  public var state: StudyState
  /// When it was created.
  public var createdAt: Timestamp
  /// Counts every change; a writer that names it notices that somebody else was faster.
  public var revision: Int

  /// Creates a study.
  public init(
    definition: StudyDefinition, seed: StudySeed, tunerName: String, state: StudyState = .active,
    createdAt: Timestamp, revision: Int = 0
  ) {
    self.definition = definition
    self.seed = seed
    self.tunerName = tunerName
    self.state = state
    self.createdAt = createdAt
    self.revision = revision
  }

  /// The name, unique on its server.
  public var name: String { definition.name }
}

/// Whether a study hands out trials.
public enum StudyState: String, Hashable, Sendable, CaseIterable {
  /// It does, as long as its budget lasts.
  case active
  /// It does not until it is made active again; results are accepted.
  case paused
  /// It is over; results of trials under way are still accepted.
  case finished
}

/// What a user may change of a study that exists; `nil` leaves things as they are.
public struct StudyPatch: Hashable, Sendable {
  /// The new state.
  public var state: StudyState?
  /// The new budget, whole.
  public var budget: Budget?
  /// The new labels, all of them.
  public var labels: [String: String]?

  /// Creates a patch.
  public init(state: StudyState? = nil, budget: Budget? = nil, labels: [String: String]? = nil) {
    self.state = state
    self.budget = budget
    self.labels = labels
  }
}
