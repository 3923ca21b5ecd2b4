import SQLiteStorage
import StudyOperations
import TestSupport
import Testing
import TuningModel

@Suite("The control of access")
struct AccessControlTests {
  let folder: TemporaryFolder
  let store: SQLiteStudyStore
  let clock = ManualClock()

  init() async throws {
    folder = try TemporaryFolder()
    store = try await SQLiteStudyStore.open(folder.path("hone.db"), durability: .relaxed)
  }

  private func isAccepted(_ verdict: AccessVerdict) -> Bool { if case .accepted = verdict { true } else { false } }

  @Test("A token is good until it expires, and not a moment longer")
  func expiry() async throws {
    let control = try await AccessControl(store: store, clock: clock)
    let end = clock.now.advanced(bySeconds: 60)
    let issued = try await control.createToken(AccessTokenRequest(name: "t", scopes: [.read], expiresAt: end))
    clock.advance(seconds: 59.999)
    #expect(isAccepted(control.judge(issued.credential)))
    clock.advance(seconds: 0.001)
    #expect(control.judge(issued.credential) == .expired(end))
    // Who does not know the secret learns nothing of the token.
    #expect(control.judge(AccessCredential(id: issued.token.id, secret: "")) == .refused)
    #expect(control.isClosed)
  }

  @Test("Tokens and what became of them outlive the process")
  func restart() async throws {
    let control = try await AccessControl(store: store, clock: clock)
    #expect(!control.isClosed)
    let one = try await control.createToken(AccessTokenRequest(name: "a", scopes: [.read, .work], studyPrefix: "v"))
    let two = try await control.createToken(AccessTokenRequest(name: "b", scopes: [.admin]))
    try await control.revokeToken(two.token.id)
    let again = try await AccessControl(store: store, clock: clock)
    #expect(again.isClosed)
    #expect(try await again.tokens(PageRequest()).elements == control.tokens(PageRequest()).elements)
    #expect(again.judge(one.credential) == .accepted(one.token))
    #expect(again.judge(two.credential) == .refused)
  }

  @Test("The last use of a token is kept, at most once in five minutes")
  func lastUse() async throws {
    let control = try await AccessControl(store: store, clock: clock)
    let issued = try await control.createToken(AccessTokenRequest(name: "t", scopes: [.read]))
    var kept: Timestamp?
    for _ in 1...100 {
      _ = control.judge(issued.credential)
      clock.advance(seconds: 10)
    }
    let last = try #require(try await control.tokens(PageRequest()).elements[0].lastUsedAt)
    #expect(last < clock.now && clock.now <= last.advanced(bySeconds: 300))
    // The write is done in the background.
    for _ in 1...1_000 where kept != last {
      kept = try await store.accessTokens()[0].token.lastUsedAt
      if kept != last { try await Task.sleep(for: .milliseconds(5)) }
    }
    #expect(kept == last)
  }

  @Test("Secrets are drawn anew each time, and digests tell them apart")
  func secrets() async throws {
    let control = try await AccessControl(store: store, clock: clock)
    var credentials: Set<AccessCredential> = []
    for _ in 1...50 {
      credentials.insert(
        try await control.createToken(AccessTokenRequest(name: "t", scopes: [.read])).credential)
    }
    #expect(credentials.count == 50 && Set(credentials.map(\.secret)).count == 50)
    #expect(Set(try await store.accessTokens().map(\.digest)).count == 50)
    for credential in credentials {
      #expect(AccessCredential(text: credential.text) == credential)
      #expect(isAccepted(control.judge(credential)))
    }
  }

  @Test(
    "Statements that would loosen a token or the audit are refused",
    arguments: [
      "DELETE FROM access_tokens", "UPDATE access_tokens SET scopes = '[\"admin\"]'",
      "UPDATE access_tokens SET digest = zeroblob(32)", "UPDATE access_tokens SET expires_at = NULL",
      "UPDATE access_tokens SET study_prefix = NULL", "UPDATE access_tokens SET revoked_at = NULL",
      "DELETE FROM audit", "UPDATE audit SET subject = 'x'",
      "INSERT INTO access_tokens (id, digest, name, scopes, created_at) VALUES ('0', zeroblob(32), 'x', '[]', 0)",
      "INSERT INTO audit (at, action, subject, caller) VALUES (0, 'study_created', 'x', 'token')",
    ])
  func schema(statement: String) async throws {
    let control = try await AccessControl(store: store, clock: clock)
    let issued = try await control.createToken(AccessTokenRequest(name: "t", scopes: [.read]))
    try await control.revokeToken(issued.token.id)
    await #expect(throws: StudyError.self, "\(statement)") { try await store.execute(statement) }
  }

  @Test("A refused change of a study leaves no trace in the audit")
  func refusedChange() async throws {
    let control = try await AccessControl(store: store, clock: clock)
    let service = StudyService(store: store, catalog: TunerCatalog([]), clock: clock, sweepInterval: nil)
    await #expect(throws: StudyError.self) { try await service.delete("nothing", revision: nil) }
    #expect(try await control.audit(PageRequest()).elements == [])
  }
}
