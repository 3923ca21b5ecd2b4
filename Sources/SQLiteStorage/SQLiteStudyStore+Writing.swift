import Foundation
import GRDB
public import StudyOperations
public import TuningModel

extension SQLiteStudyStore {
  /// Keeps a new study, and the answer to the write that it is.
  public func create(_ study: Study, answer: KeptAnswer?) async throws(StudyError) -> StoredStudy {
    let caller = Caller.current
    return try await writer.write { database in
      let stored = try StudyRecord.insert(study, in: database)
      try AuditRecord.append(.studyCreated, study.name, by: caller, at: study.createdAt, in: database)
      if let answer { try AnswerRecord.write(answer, in: database) }
      return stored
    }
  }

  /// Keeps a change, together with those of other studies that arrive at the same time.
  public func commit(_ change: StudyChange) async throws(StudyError) {
    let caller = Caller.current
    let isCounting = census.isBegun
    let moves = try await writer.write { database in
      try Self.advance(change, in: database)
      let moves: [TrialCensus.Move] =
        isCounting
        ? try change.trials.map {
          TrialCensus.Move(
            before: try TrialCensus.state($0.number, of: change.study, in: database), after: $0.state)
        } : []
      for trial in change.trials {
        try TrialRecord.write(trial, change.standings[trial.number], of: change.study, in: database)
      }
      for event in change.events { try Self.append(event, to: change.study, in: database) }
      if let study = change.revised {
        try StudyRecord.update(study, id: change.study, in: database)
        let time = change.events.last?.at ?? SystemClock().now
        try AuditRecord.append(.studyUpdated, study.name, by: caller, at: time, in: database)
      }
      for answer in change.answers { try AnswerRecord.write(answer, in: database) }
      return moves
    }
    census.note(moves)
  }

  /// Moves the end of the log on, if it is where the change expects it.
  private static func advance(_ change: StudyChange, in database: Database) throws {
    let last = change.events.last?.sequence ?? change.expectedSequence
    try database.cachedStatement(sql: "UPDATE studies SET last_sequence = ? WHERE id = ? AND last_sequence = ?")
      .execute(arguments: [last, change.study, change.expectedSequence])
    if database.changesCount > 0 { return }
    let statement = try database.cachedStatement(sql: "SELECT last_sequence FROM studies WHERE id = ?")
    guard let found = try Int.fetchOne(statement, arguments: [change.study]) else {
      throw StudyError(.studyNotFound, "The study has been deleted.")
    }
    throw StudyError(
      .revisionConflict, "The log of the study ends with event \(found), not \(change.expectedSequence).")
  }

  private static func append(_ event: RecordedEvent, to study: StudyID, in database: Database) throws {
    try database.cachedStatement(
      sql: "INSERT INTO events (study, sequence, at, kind, trial, payload) VALUES (?, ?, ?, ?, ?, ?)"
    ).execute(arguments: [
      study, event.sequence, event.at.milliseconds, EventRecord.kind(event.event), EventRecord.trial(event.event),
      EventRecord.payload(event.event).text,
    ])
  }

  /// Removes a study with all that belongs to it, in a transaction of its own, and keeps the answer to the write that this
  /// is.
  public func delete(_ study: StudyID, revision: Int?, answer: KeptAnswer?) async throws(StudyError) {
    let caller = Caller.current
    let counts = try await writer.write(alone: true) { database in
      let query = "SELECT revision, name FROM studies WHERE id = ?"
      guard let row = try Row.fetchOne(database, sql: query, arguments: [study]) else {
        throw StudyError(.studyNotFound, "The study has been deleted already.")
      }
      let (found, name): (Int, String) = (row[0], row[1])
      if let revision, revision != found {
        throw StudyError(.revisionConflict, "The study has revision \(found) by now, not \(revision).")
      }
      let counts = try StudyRecord.counts(of: study, in: database)
      try database.execute(sql: "DELETE FROM events WHERE study = ?", arguments: [study])
      try database.execute(sql: "DELETE FROM studies WHERE id = ?", arguments: [study])
      try AuditRecord.append(.studyDeleted, name, by: caller, at: SystemClock().now, in: database)
      if let answer { try AnswerRecord.write(answer, in: database) }
      return counts
    }
    census.note(counts.map { TrialCensus.Move(before: $0.key, after: nil, count: $0.value) })
  }

  /// Keeps a snapshot in place of the one before, in a transaction of its own.
  public func keep(_ snapshot: StudySnapshot, of study: StudyID) async throws(StudyError) {
    try await writer.write(alone: true) { database in
      try database.execute(
        sql: """
          INSERT INTO snapshots (study, sequence, format, payload) SELECT id, ?, ?, ? FROM studies WHERE id = ? \
          ON CONFLICT (study) DO UPDATE SET sequence = excluded.sequence, format = excluded.format, \
          payload = excluded.payload
          """,
        arguments: [snapshot.sequence, snapshot.format, Data(snapshot.payload), study])
    }
  }
}
