public import TuningModel

/// Where access tokens and the audit are kept.
///
/// Each change of tokens is kept in one transaction with its entry in the audit, which names `Caller.current`. Any
/// operation may fail with `storage_failed`.
public protocol AccessStore: Sendable {
  /// All tokens in the order in which they were made.
  func accessTokens() async throws(StudyError) -> [StoredAccessToken]
  /// Keeps a new token.
  func add(_ token: StoredAccessToken) async throws(StudyError)
  /// Notes that a token was revoked.
  func revokeAccessToken(_ id: String, at time: Timestamp) async throws(StudyError)
  /// Notes when a token was last used; no entry in the audit.
  func noteUse(ofAccessToken id: String, at time: Timestamp) async throws(StudyError)
  /// At most `limit` entries numbered below `number`, the newest first; from the newest on where it is `nil`.
  func auditEntries(before number: Int?, limit: Int) async throws(StudyError) -> [AuditEntry]
}

/// An access token as it is kept.
public struct StoredAccessToken: Hashable, Sendable {
  /// What is known of it.
  public var token: AccessToken
  /// The SHA-256 of its secret, 32 bytes.
  public var digest: [UInt8]

  /// Creates one.
  public init(_ token: AccessToken, digest: [UInt8]) {
    self.token = token
    self.digest = digest
  }
}
