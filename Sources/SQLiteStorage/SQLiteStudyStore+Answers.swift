import GRDB
public import TuningModel

extension SQLiteStudyStore {
  /// The answer that was kept under a key at this time or later.
  public func answer(to key: String, since time: Timestamp) async throws(StudyError) -> KeptAnswer? {
    try await read { try AnswerRecord.fetch(key, since: time, in: $0) }
  }

  /// Keeps an answer, in one transaction with what else is waiting.
  public func keep(_ answer: KeptAnswer) async throws(StudyError) {
    try await writer.write { try AnswerRecord.write(answer, in: $0) }
  }

  /// Removes answers that were given before a time, at most `limit`.
  public func removeAnswers(before time: Timestamp, limit: Int) async throws(StudyError) -> Int {
    try await writer.write { database in
      try database.cachedStatement(
        sql: "DELETE FROM answers WHERE key IN (SELECT key FROM answers WHERE at < ? ORDER BY at LIMIT ?)"
      ).execute(arguments: [time.milliseconds, limit])
      return database.changesCount
    }
  }
}
