/// Something that is not as it should be in what a store keeps.
package struct AuditFinding: Hashable, Sendable {
  /// How bad it is.
  package enum Severity: String, Hashable, Sendable {
    /// Nothing is lost and Hone goes on without it.
    case warning
    /// Something is lost, or contradicts itself.
    case failure
  }

  package var severity: Severity
  /// The study that it concerns; `nil` for the whole store.
  package var study: String?
  /// What was found, and where.
  package var text: String

  package init(_ severity: Severity, study: String? = nil, _ text: String) {
    self.severity = severity
    self.study = study
    self.text = text
  }
}
