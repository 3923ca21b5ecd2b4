/// The administration of a database's access tokens, here or on a server.
public protocol AccessClient: Sendable {
  /// Makes a token; its secret is in the answer and nowhere else.
  func createToken(_ request: AccessTokenRequest) async throws(StudyError) -> IssuedToken
  /// All tokens in the order in which they were made, those that ended too.
  func tokens(_ page: PageRequest) async throws(StudyError) -> Page<AccessToken>
  /// Ends a token at once; one that was revoked before stays so.
  func revokeToken(_ id: String) async throws(StudyError)
  /// What was done to the database and by whom, the newest first.
  func audit(_ page: PageRequest) async throws(StudyError) -> Page<AuditEntry>
}

/// Decides who may use a database over a server.
public protocol AccessGuard: AccessClient {
  /// Whether a token is needed.
  ///
  /// It is from the first token on, also when every one has expired or was revoked: what was closed does not open by
  /// itself.
  var isClosed: Bool { get }

  /// Judges what a client presents; at once, from memory.
  func judge(_ credential: AccessCredential) -> AccessVerdict
}

/// What comes of a credential.
public enum AccessVerdict: Hashable, Sendable {
  /// It is good.
  case accepted(AccessToken)
  /// It was good until then.
  case expired(Timestamp)
  /// There is no such token, it was revoked, or the secret is wrong.
  case refused
}
