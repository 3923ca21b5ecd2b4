import GRDB
import TuningModel

/// The form of an entry of the audit in its table.
enum AuditRecord {
  static func append(
    _ action: AuditEntry.Action, _ subject: String, by caller: Caller, at time: Timestamp, in database: Database
  ) throws {
    try database.cachedStatement(
      sql: "INSERT INTO audit (at, action, subject, caller, token, request) VALUES (?, ?, ?, ?, ?, ?)"
    ).execute(arguments: [
      time.milliseconds, action.rawValue, subject, caller.kind.rawValue, caller.tokenID, caller.requestID,
    ])
  }

  /// Reads a row of `number, at, action, subject, caller, token, request`.
  static func entry(_ row: Row) throws -> AuditEntry {
    guard let action = AuditEntry.Action(rawValue: row[2]), let kind = Caller.Kind(rawValue: row[4]) else {
      throw StudyError.unreadable("an entry of the audit")
    }
    return AuditEntry(
      number: row[0], at: Timestamp(milliseconds: row[1]), action: action, subject: row[3],
      caller: Caller(kind, tokenID: row[5], requestID: row[6]))
  }
}
