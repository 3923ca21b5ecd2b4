/// Something that was done to a database, and by whom.
public struct AuditEntry: Hashable, Sendable {
  /// What was done; the raw value is its name on the wire.
  public enum Action: String, Hashable, Sendable, CaseIterable {
    /// A study was created.
    case studyCreated = "study_created"
    /// A study's state, budget or labels were changed.
    case studyUpdated = "study_updated"
    /// A study was deleted with its trials.
    case studyDeleted = "study_deleted"
    /// An access token was made.
    case tokenCreated = "token_created"
    /// An access token was revoked.
    case tokenRevoked = "token_revoked"
  }

  /// Counts the entries of a database from 1.
  public var number: Int
  /// When.
  public var at: Timestamp
  /// What.
  public var action: Action
  /// The name of the study, or the id of the token, to which it was done.
  public var subject: String
  /// By whom.
  public var caller: Caller

  /// Creates an entry.
  public init(number: Int, at: Timestamp, action: Action, subject: String, caller: Caller) {
    self.number = number
    self.at = at
    self.action = action
    self.subject = subject
    self.caller = caller
  }
}
