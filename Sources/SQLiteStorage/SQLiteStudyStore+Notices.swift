import GRDB
public import StudyOperations
public import TuningModel

extension SQLiteStudyStore {
  /// The entries after a place in a study's log in the form in which they are stored; none where there is no study.
  public func notices(
    of study: StudyID, after sequence: Int, limit: Int
  ) async throws(StudyError) -> [StudyNotice] {
    try await read { database in
      let statement = try database.cachedStatement(sql: Self.eventQuery)
      return try Row.fetchAll(statement, arguments: [study, sequence, limit]).map { row in
        let number: Int = row[0]
        return StudyNotice(
          sequence: number, at: Timestamp(milliseconds: row[1]), kind: row[2], trial: row[3],
          details: try JSONValue(stored: row[4], "an event \(number)"))
      }
    }
  }
}
