import Foundation
import GRDB
import TuningModel

/// The form of an answer in its table.
enum AnswerRecord {
  /// Writes an answer, in place of one that is kept no longer.
  static func write(_ answer: KeptAnswer, in database: Database) throws {
    try database.cachedStatement(
      sql: "INSERT OR REPLACE INTO answers (key, fingerprint, status, headers, body, at) VALUES (?, ?, ?, ?, ?, ?)"
    ).execute(arguments: [
      answer.key, answer.fingerprint, answer.content.status,
      JSONValue.object(answer.content.headers.mapValues(JSONValue.string)).text, Data(answer.content.body),
      answer.at.milliseconds,
    ])
  }

  /// The answer under a key that was given at a time or later.
  static func fetch(_ key: String, since time: Timestamp, in database: Database) throws -> KeptAnswer? {
    let statement = try database.cachedStatement(
      sql: "SELECT fingerprint, status, headers, body, at FROM answers WHERE key = ? AND at >= ?")
    guard let row = try Row.fetchOne(statement, arguments: [key, time.milliseconds]) else { return nil }
    let what = "an answer that was kept"
    guard case .object(let fields) = try JSONValue(stored: row[2], what) else { throw StudyError.unreadable(what) }
    let content = KeptAnswer.Content(
      status: row[1], headers: fields.compactMapValues(\.string), body: [UInt8](row[3] as Data))
    return KeptAnswer(key: key, fingerprint: row[0], content: content, at: Timestamp(milliseconds: row[4]))
  }
}
