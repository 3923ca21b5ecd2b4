import Foundation
import GRDB
public import StudyOperations
public import TuningModel

extension SQLiteStudyStore: AccessStore {
  /// All tokens in the order in which they were made.
  public func accessTokens() async throws(StudyError) -> [StoredAccessToken] {
    try await read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT id, digest, name, scopes, study_prefix, created_at, expires_at, revoked_at, last_used_at \
          FROM access_tokens ORDER BY number
          """
      ).map(Self.token)
    }
  }

  private static func token(_ row: Row) throws -> StoredAccessToken {
    let what = "an access token"
    guard case .array(let names) = try JSONValue(stored: row[3], what) else { throw StudyError.unreadable(what) }
    // A scope of a newer version would be a right that this one cannot grant, so it is left out.
    let scopes = Set(names.compactMap(\.string).compactMap(AccessScope.init(rawValue:)))
    func moment(_ column: Int) -> Timestamp? { (row[column] as Int64?).map(Timestamp.init(milliseconds:)) }
    return StoredAccessToken(
      AccessToken(
        id: row[0], name: row[2], scopes: scopes, studyPrefix: row[4], createdAt: Timestamp(milliseconds: row[5]),
        expiresAt: moment(6), revokedAt: moment(7), lastUsedAt: moment(8)),
      digest: [UInt8](row[1] as Data))
  }

  /// Keeps a new token.
  public func add(_ stored: StoredAccessToken) async throws(StudyError) {
    let (token, caller) = (stored.token, Caller.current)
    try await writer.write { database in
      let scopes = JSONValue.array(token.scopes.map(\.rawValue).sorted().map(JSONValue.string))
      try database.execute(
        sql: """
          INSERT INTO access_tokens (id, digest, name, scopes, study_prefix, created_at, expires_at) \
          VALUES (?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          token.id, Data(stored.digest), token.name, scopes.text, token.studyPrefix, token.createdAt.milliseconds,
          token.expiresAt?.milliseconds,
        ])
      try AuditRecord.append(.tokenCreated, token.id, by: caller, at: token.createdAt, in: database)
    }
  }

  /// Notes that a token was revoked; one that was before stays as it is.
  public func revokeAccessToken(_ id: String, at time: Timestamp) async throws(StudyError) {
    let caller = Caller.current
    try await writer.write { database in
      try database.execute(
        sql: "UPDATE access_tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL",
        arguments: [time.milliseconds, id])
      if database.changesCount == 0 { return }
      try AuditRecord.append(.tokenRevoked, id, by: caller, at: time, in: database)
    }
  }

  /// Notes when a token was last used; of several notes the latest counts, in whatever order they come.
  public func noteUse(ofAccessToken id: String, at time: Timestamp) async throws(StudyError) {
    try await writer.write { database in
      try database.execute(
        sql: "UPDATE access_tokens SET last_used_at = max(coalesce(last_used_at, 0), ?) WHERE id = ?",
        arguments: [time.milliseconds, id])
    }
  }

  /// At most `limit` entries numbered below `number`, the newest first.
  public func auditEntries(before number: Int?, limit: Int) async throws(StudyError) -> [AuditEntry] {
    try await read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT number, at, action, subject, caller, token, request FROM audit WHERE number < ? \
          ORDER BY number DESC LIMIT ?
          """,
        arguments: [number ?? Int.max, limit]
      ).map(AuditRecord.entry)
    }
  }
}
