import GRDB
public import StudyOperations
public import TuningModel

extension SQLiteStudyStore {
  /// The checkpoints of a study that were deleted.
  public func deletedCheckpoints(of study: StudyID) async throws(StudyError) -> Set<String> {
    try await read { database in
      try String.fetchSet(
        database, sql: "SELECT checkpoint FROM deleted_checkpoints WHERE study = ?", arguments: [study])
    }
  }

  /// Notes that checkpoints of a study were deleted; nothing happens when the study is gone.
  public func noteDeleted(
    _ checkpoints: [String], of study: StudyID, at time: Timestamp
  ) async throws(StudyError) {
    try await writer.write { database in
      let statement = try database.cachedStatement(
        sql: """
          INSERT OR IGNORE INTO deleted_checkpoints (study, checkpoint, at) SELECT id, ?, ? FROM studies WHERE id = ?
          """)
      for checkpoint in checkpoints {
        try statement.execute(arguments: [checkpoint, time.milliseconds, study])
      }
    }
  }
}
