import TuningAPI
public import TuningModel

extension RemoteStudyClient: AccessClient {
  /// Makes an access token; its secret is in the answer and nowhere else.
  public func createToken(_ request: AccessTokenRequest) async throws(StudyError) -> IssuedToken {
    try await transport.send(
      Exchange(.createToken, APIOperation.createToken.path(), body: request), for: IssuedToken.self)
  }

  /// All access tokens in the order in which they were made, those that ended too.
  public func tokens(_ page: PageRequest) async throws(StudyError) -> Page<AccessToken> {
    try await transport.send(
      Exchange(.listTokens, APIOperation.listTokens.path(), query: page.items), for: Page<AccessToken>.self)
  }

  /// Ends an access token at once; one that was revoked before stays so.
  public func revokeToken(_ id: String) async throws(StudyError) {
    try await transport.send(
      Exchange(.revokeToken, APIOperation.revokeToken.path(id), isRepeatable: true))
  }

  /// What was done to the server's database and by whom, the newest first.
  public func audit(_ page: PageRequest) async throws(StudyError) -> Page<AuditEntry> {
    try await transport.send(
      Exchange(.listAudit, APIOperation.listAudit.path(), query: page.items), for: Page<AuditEntry>.self)
  }
}
