package import StudyOperations

/// What looking through a whole database has shown.
package struct DatabaseCheck: Hashable, Sendable {
  /// One study of it.
  package struct StudyCount: Hashable, Sendable {
    package var name: String
    package var events: Int
    package var trials: Int
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
