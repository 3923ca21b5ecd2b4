import Foundation
import GRDB
public import StudyOperations
public import TuningModel

extension SQLiteStudyStore {
  /// The study of that name.
  public func study(named name: String) async throws(StudyError) -> StoredStudy? {
    try await read { try StudyRecord.fetch(named: name, in: $0) }
  }

  /// The number and the revision of the study of that name, though its definition may not be readable.
  public func identity(named name: String) async throws(StudyError) -> StudyIdentity? {
    try await read { database in
      try Row.fetchOne(database, sql: "SELECT id, revision FROM studies WHERE name = ?", arguments: [name])
        .map { StudyIdentity(id: $0[0], revision: $0[1]) }
    }
  }

  /// The studies whose names come after `name` in the order of their bytes, those too that cannot be read.
  public func studies(after name: String?, limit: Int) async throws(StudyError) -> [ListedStudy] {
    try await read { database in
      let statement = try database.cachedStatement(
        sql: "SELECT \(StudyRecord.columns) FROM studies WHERE name > ? ORDER BY name LIMIT ?")
      return try Row.fetchAll(statement, arguments: [name ?? "", limit]).map { row in
        let counts = try StudyRecord.counts(of: row[0], in: database)
        return try StudyRecord.listed(row, counts)
      }
    }
  }

  /// The study of that name with the number of its trials by state.
  public func summary(named name: String) async throws(StudyError) -> StudySummary? {
    try await read { database in
      try StudyRecord.fetch(named: name, in: database).map { stored in
        StudySummary(stored.study, counts: try StudyRecord.counts(of: stored.id, in: database))
      }
    }
  }

  /// What a session needs to start with, all of one moment.
  public func roster(named name: String) async throws(StudyError) -> StoredRoster? {
    try await read { database in
      guard let stored = try StudyRecord.fetch(named: name, in: database) else { return nil }
      let statement = try database.cachedStatement(sql: Self.unfinishedQuery)
      let unfinished = try Row.fetchAll(statement, arguments: [stored.id])
        .map { try TrialRecord.trial($0, stored.original.space) }
      let neverHandedOut = try database.cachedStatement(sql: Self.neverHandedOutQuery)
      return StoredRoster(
        study: stored, counts: try StudyRecord.counts(of: stored.id, in: database), unfinished: unfinished,
        neverHandedOut: try Int.fetchOne(neverHandedOut, arguments: [stored.id]) ?? 0)
    }
  }

  /// The leases of all trials under way, of all studies that have any.
  public func leases() async throws(StudyError) -> [StoredLeases] {
    try await read { database in
      var found: [StoredLeases] = []
      let rows = try Row.fetchCursor(database, sql: Self.leaseQuery)
      while let row = try rows.next() {
        let name: String = row[0]
        if found.last?.name != name { found.append(StoredLeases(name: name, trialTimeoutSeconds: row[1], entries: [])) }
        let lease = Lease(token: row[2], expiresAt: Timestamp(milliseconds: row[3]))
        found[found.count - 1].entries.append(
          StoredLeases.Entry(lease, startedAt: Timestamp(milliseconds: row[4])))
      }
      return found
    }
  }

  /// One trial.
  public func trial(_ number: TrialNumber, of study: StoredStudy) async throws(StudyError) -> Trial? {
    try await read { database in
      let statement = try database.cachedStatement(
        sql: "SELECT \(TrialRecord.columns) FROM trials WHERE study = ? AND number = ?")
      return try Row.fetchOne(statement, arguments: [study.id, number])
        .map { try TrialRecord.trial($0, study.original.space) }
    }
  }

  /// The reports on a trial in the order of the log.
  public func reports(on number: TrialNumber, of study: StoredStudy) async throws(StudyError) -> [TrialReport] {
    try await read { database in
      let statement = try database.cachedStatement(sql: Self.reportQuery)
      let rows = try Row.fetchCursor(statement, arguments: [study.id, number])
      var reports: [TrialReport] = []
      while let row = try rows.next() {
        let what = "a report on trial \(number) of the study \"\(study.study.name)\""
        guard let report = EventRecord.report(try JSONValue(stored: row[0], what), study.original.space) else {
          throw StudyError.unreadable(what)
        }
        reports.append(report)
      }
      return reports
    }
  }

  /// The events after a place in the log, in their order.
  public func events(
    of study: StoredStudy, after sequence: Int, limit: Int
  ) async throws(StudyError) -> [RecordedEvent] {
    try await read { database in
      let statement = try database.cachedStatement(sql: Self.eventQuery)
      let rows = try Row.fetchCursor(statement, arguments: [study.id, sequence, limit])
      var events: [RecordedEvent] = []
      while let row = try rows.next() { events.append(try Self.event(row, of: study)) }
      return events
    }
  }

  /// Reads a row of `eventQuery`.
  static func event(_ row: Row, of study: StoredStudy) throws -> RecordedEvent {
    let sequence: Int = row[0]
    let what = "an event \(sequence) of the study \"\(study.study.name)\""
    guard
      let event = EventRecord.event(row[2], row[3], try JSONValue(stored: row[4], what), study.original.space)
    else { throw StudyError.unreadable(what) }
    return RecordedEvent(sequence: sequence, at: Timestamp(milliseconds: row[1]), event: event)
  }

  /// The last snapshot that was kept.
  public func snapshot(of study: StudyID) async throws(StudyError) -> StudySnapshot? {
    try await read { database in try Self.snapshot(of: study, in: database) }
  }

  static func snapshot(of study: StudyID, in database: Database) throws -> StudySnapshot? {
    try Row.fetchOne(
      database, sql: "SELECT sequence, format, payload FROM snapshots WHERE study = ?", arguments: [study]
    ).map { StudySnapshot(sequence: $0[0], format: $0[1], payload: [UInt8]($0[2] as Data)) }
  }
}

extension SQLiteStudyStore {
  static let neverHandedOutQuery = "SELECT count(*) FROM trials WHERE study = ? AND attempt = 0"

  static let unfinishedQuery = """
    SELECT \(TrialRecord.columns) FROM trials \
    WHERE study = ? AND state IN ('waiting', 'running', 'stopping') ORDER BY number
    """

  /// Goes from study to study, since only within a study there is an index by state.
  static let leaseQuery = """
    SELECT s.name, json_extract(s.definition, '$.budget.trial_timeout_seconds'), t.lease_token, t.lease_expires_at, \
    t.started_at FROM studies AS s CROSS JOIN trials AS t \
    WHERE t.study = s.id AND t.state IN ('running', 'stopping') ORDER BY s.id
    """

  /// Reads the index `reports_by_trial` because it asks for just the kind that is in it.
  static let reportQuery =
    "SELECT payload FROM events WHERE study = ? AND trial = ? AND kind = 'reported' ORDER BY sequence"

  static let eventQuery = """
    SELECT sequence, at, kind, trial, payload FROM events WHERE study = ? AND sequence > ? ORDER BY sequence LIMIT ?
    """
}
