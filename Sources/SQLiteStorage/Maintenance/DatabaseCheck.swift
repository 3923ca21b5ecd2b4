package import StudyOperations

/// What looking through a whole database has shown.
package struct DatabaseCheck: Hashable, Sendable {
  /// One study of it.
  package struct StudyCount: Hashable, Sendable {
    package var name: String
    package var events: Int
    package var trials: Int

    package init(name: String, events: Int, trials: Int) {
      self.name = name
      self.events = events
      self.trials = trials
    }
  }

  /// The absolute path.
  package var path: String
  /// The version of its schema.
  package var schema: Int
  /// What was read.
  package var studies: [StudyCount] = []
  /// What is not as it should be.
  package var findings: [AuditFinding] = []

  /// Whether nothing is lost and nothing contradicts itself.
  package var isSound: Bool { !findings.contains { $0.severity == .failure } }
}
