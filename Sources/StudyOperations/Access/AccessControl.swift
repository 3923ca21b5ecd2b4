import Crypto
import Foundation
public import TuningModel

/// The access tokens of one store.
///
/// They are held in memory, since one process holds a database: to judge a credential is a look-up and one SHA-256.
public final class AccessControl: Sendable {
  /// The most tokens that a database takes, those that ended included.
  public static let capacity = 10_000
  /// How exactly the last use of a token is known, in seconds; so often at most it costs a write.
  static let useResolution = 300.0

  private let store: any AccessStore
  private let clock: any StudyClock
  private let known: KnownTokens

  /// Reads the tokens of a store.
  public init(store: any AccessStore, clock: any StudyClock = SystemClock()) async throws(StudyError) {
    self.store = store
    self.clock = clock
    known = KnownTokens(try await store.accessTokens())
  }

  /// The SHA-256 of a secret.
  static func digest(_ secret: String) -> SHA256Digest { SHA256.hash(data: Data(secret.utf8)) }

  /// Draws hexadecimal digits, 16 for each word, from the system's generator.
  private static func draw(words: Int) -> String {
    var random = SystemRandomNumberGenerator()
    return (0..<words).map { _ in
      let digits = String(random.next() as UInt64, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}

extension AccessControl: AccessGuard {
  /// Whether a token is needed: from the first one on.
  public var isClosed: Bool { !known.isEmpty }

  /// Judges a credential; digests are compared in constant time.
  public func judge(_ credential: AccessCredential) -> AccessVerdict {
    let presented = Self.digest(credential.secret)
    // A digest of the same make takes as long as that of a token that is there.
    let stored = known[credential.id]
    let isRight = presented == Data(stored?.digest ?? [UInt8](repeating: 0, count: SHA256.byteCount))
    guard isRight, let token = stored?.token, token.revokedAt == nil else { return .refused }
    let now = clock.now
    if let end = token.expiresAt, end <= now { return .expired(end) }
    if known.use(token.id, at: now, resolution: Self.useResolution) {
      Task { [store] in try? await store.noteUse(ofAccessToken: token.id, at: now) }
    }
    return .accepted(token)
  }

  /// Makes a token.
  ///
  /// - Throws: `invalid` with every mistake.
  public func createToken(_ request: AccessTokenRequest) async throws(StudyError) -> IssuedToken {
    let now = clock.now
    var mistakes = request.mistakes
    if let end = request.expiresAt, end <= now {
      mistakes.append(InputMistake(pointer: "/expires_at", detail: "Must be in the future; it is \(now.text) now."))
    }
    if !mistakes.isEmpty { throw StudyError(InvalidInput(mistakes)) }
    if known.count >= Self.capacity {
      throw .invalid("", "The database has \(Self.capacity) tokens, those that ended included; it takes no more.")
    }
    let credential = AccessCredential(id: Self.draw(words: 1), secret: Self.draw(words: 4))
    let token = AccessToken(
      id: credential.id, name: request.name, scopes: request.scopes, studyPrefix: request.studyPrefix, createdAt: now,
      expiresAt: request.expiresAt)
    let stored = StoredAccessToken(token, digest: Array(Self.digest(credential.secret)))
    try await store.add(stored)
    known.add(stored)
    return IssuedToken(token, credential: credential)
  }

  /// All tokens in the order in which they were made.
  public func tokens(_ page: PageRequest) async throws(StudyError) -> Page<AccessToken> {
    try page.check()
    guard let found = known.tokens(after: page.token, limit: page.size + 1) else {
      throw .invalid("/page_token", "This is no token of a page.")
    }
    return Page(found, size: page.size, token: \.id)
  }

  /// Ends a token at once.
  ///
  /// - Throws: `token_not_found`.
  public func revokeToken(_ id: String) async throws(StudyError) {
    guard let stored = known[id] else {
      throw StudyError(.tokenNotFound, "There is no access token \"\(id.prefix(80))\".")
    }
    if stored.token.revokedAt != nil { return }
    let now = clock.now
    try await store.revokeAccessToken(id, at: now)
    known.revoke(id, at: now)
  }

  /// What was done to the database and by whom, the newest first.
  public func audit(_ page: PageRequest) async throws(StudyError) -> Page<AuditEntry> {
    try page.check()
    let before = page.token.map { Int($0) ?? 0 }
    if let before, before < 1 { throw .invalid("/page_token", "This is no token of a page.") }
    let found = try await store.auditEntries(before: before, limit: page.size + 1)
    return Page(found, size: page.size) { String($0.number) }
  }
}
