import GRDB
import StudyOperations
package import TuningModel

extension DatabaseFile {
  /// The most findings of SQLite's own check.
  private static let mostFindings = 20

  /// Reads all of it at one moment and looks for damage, contradictions and gaps.
  ///
  /// A server may hold it meanwhile. Takes as long as reading the file some three times.
  /// - Parameter catalog: the tuners, which say whether snapshots are readable.
  /// - Throws: `storage_failed` where it cannot be opened or is none of Hone's, `database_newer`.
  package func check(_ catalog: TunerCatalog) throws(StudyError) -> DatabaseCheck {
    let (version, newest) = try schema()
    var check = DatabaseCheck(path: path, schema: version)
    if version == 0 {
      check.findings.append(AuditFinding(.failure, "the file is empty: no Hone has ever written to it"))
      return check
    }
    return try reading { database in
      // One transaction, so that all of it is of one moment.
      try database.inTransaction(.deferred) {
        try Self.checkPages(database, &check)
        if version < newest {
          check.findings.append(
            AuditFinding(
              .warning,
              "its schema is version \(version) of \(newest): studies were not looked through; run hone db migrate first"
            ))
        } else if check.isSound {
          check.findings += try Self.schemaFindings(database)
          try Self.checkStudies(database, catalog, &check)
        }
        return .rollback
      }
      return check
    }
  }

  private static func checkPages(_ database: Database, _ check: inout DatabaseCheck) throws {
    for line in try String.fetchAll(database, sql: "PRAGMA integrity_check(\(mostFindings))") where line != "ok" {
      check.findings.append(AuditFinding(.failure, "SQLite: \(line)"))
    }
    let orphans = try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").prefix(mostFindings)
    for row in orphans {
      let (table, parent): (String, String) = (row[0], row[2])
      let id: Int64? = row[1]
      check.findings.append(
        AuditFinding(
          .failure, "row \(id.map(String.init) ?? "?") of \(table) refers to a row of \(parent) that is not there"))
    }
  }

  /// What of the schema is not as the migrations make it, such as a trigger that somebody has dropped.
  private static func schemaFindings(_ database: Database) throws -> [AuditFinding] {
    let fresh = try DatabaseQueue().write { database in
      for migration in Migration.all { try migration.run(in: database) }
      return try schemaObjects(database)
    }
    let found = try schemaObjects(database)
    return fresh.keys.sorted().compactMap { name in
      let what = found[name] == nil ? "is missing" : "is not as Hone makes it"
      return found[name] == fresh[name]
        ? nil : AuditFinding(.warning, "the part \(name) of the schema \(what); what it guards is not guarded any more")
    }
  }

  /// The statements that made tables, indices and triggers, by name.
  private static func schemaObjects(_ database: Database) throws -> [String: String] {
    let rows = try Row.fetchAll(database, sql: "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL")
    return Dictionary(rows.map { ($0[0] as String, $0[1] as String) }) { first, _ in first }
  }

  private static func checkStudies(
    _ database: Database, _ catalog: TunerCatalog, _ check: inout DatabaseCheck
  ) throws {
    let rows = try Row.fetchAll(database, sql: "SELECT \(StudyRecord.columns) FROM studies ORDER BY name")
    for row in rows {
      let name: String = row[1]
      let stored: StoredStudy
      do {
        stored = try StudyRecord.study(row)
      } catch {
        check.findings.append(AuditFinding(.failure, study: name, StudyError(error, at: check.path).message))
        continue
      }
      var audit = StudyAudit(stored)
      do {
        try read(stored, in: database, into: &audit, catalog)
      } catch let error as StudyError {
        audit.fail(error.message)
      }
      let counts = audit.counts
      check.studies.append(DatabaseCheck.StudyCount(name: name, events: counts.events, trials: counts.trials))
      check.findings += audit.findings
    }
  }

  private static func read(
    _ stored: StoredStudy, in database: Database, into audit: inout StudyAudit, _ catalog: TunerCatalog
  ) throws {
    let events = try Row.fetchCursor(
      database, sql: SQLiteStudyStore.eventQuery, arguments: [stored.id, 0, Int64.max])
    while let row = try events.next() { audit.take(try SQLiteStudyStore.event(row, of: stored)) }
    let trials = try Row.fetchCursor(
      database, sql: "SELECT \(TrialRecord.columns) FROM trials WHERE study = ? ORDER BY number", arguments: [stored.id]
    )
    while let row = try trials.next() { audit.take(try TrialRecord.trial(row, stored.original.space)) }
    audit.finish(try SQLiteStudyStore.snapshot(of: stored.id, in: database), catalog)
  }
}
