import TuningModel

/// Asks for no token, and fails at everything else.
struct FailingAccess: AccessGuard {
  var error: StudyError
  var isClosed: Bool { false }

  func judge(_: AccessCredential) -> AccessVerdict { .refused }
  func createToken(_: AccessTokenRequest) async throws(StudyError) -> IssuedToken { throw error }
  func tokens(_: PageRequest) async throws(StudyError) -> Page<AccessToken> { throw error }
  func revokeToken(_: String) async throws(StudyError) { throw error }
  func audit(_: PageRequest) async throws(StudyError) -> Page<AuditEntry> { throw error }
}
