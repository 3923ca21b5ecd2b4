import GRDB
import StudyOperations
import TuningModel

/// The form of a study in its table.
enum StudyRecord {
  /// The columns in the order in which `study(_:)` reads them.
  static let columns = "id, name, definition, original, seed, tuner, state, revision, last_sequence, created_at"

  static func insert(_ study: Study, in database: Database) throws -> StoredStudy {
    let definition = study.definition.json.text
    do {
      try database.cachedStatement(
        sql: """
          INSERT INTO studies (name, definition, original, seed, tuner, state, revision, created_at) \
          VALUES (?, ?, ?, ?, ?, ?, ?, ?)
          """
      ).execute(arguments: [
        study.name, definition, definition, Int64(bitPattern: study.seed), study.tunerName, study.state.rawValue,
        study.revision, study.createdAt.milliseconds,
      ])
    } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE {
      throw StudyError(.studyExists, "There is a study \"\(study.name)\" already.")
    }
    return StoredStudy(
      id: database.lastInsertedRowID, study: study, original: study.definition, lastSequence: 0)
  }

  static func update(_ study: Study, id: StudyID, in database: Database) throws {
    try database.cachedStatement(sql: "UPDATE studies SET definition = ?, state = ?, revision = ? WHERE id = ?")
      .execute(arguments: [study.definition.json.text, study.state.rawValue, study.revision, id])
  }

  static func fetch(named name: String, in database: Database) throws -> StoredStudy? {
    let statement = try database.cachedStatement(sql: "SELECT \(columns) FROM studies WHERE name = ?")
    return try Row.fetchOne(statement, arguments: [name]).map(study)
  }

  /// The number of a study's trials by state.
  static func counts(of study: StudyID, in database: Database) throws -> [TrialState: Int] {
    let statement = try database.cachedStatement(
      sql: "SELECT state, count(*) FROM trials WHERE study = ? GROUP BY state")
    var counts: [TrialState: Int] = [:]
    for row in try Row.fetchAll(statement, arguments: [study]) {
      guard let state = TrialState(rawValue: row[0]) else { throw StudyError.unreadable("a state of trials") }
      counts[state] = row[1]
    }
    return counts
  }

  /// Reads a row of `columns`.
  static func study(_ row: Row) throws -> StoredStudy {
    let name: String = row[1]
    let what = "a study \"\(name)\""
    guard let state = StudyState(rawValue: row[6]), let seed = StudySeed(exactly: row[4] as Int64) else {
      throw StudyError.unreadable(what)
    }
    let definition = try definition(row[2], name)
    let texts: (now: String, first: String) = (row[2], row[3])
    return StoredStudy(
      id: row[0],
      study: Study(
        definition: definition, seed: seed, tunerName: row[5], state: state,
        createdAt: Timestamp(milliseconds: row[9]), revision: row[7]),
      original: texts.now == texts.first ? definition : try self.definition(texts.first, name),
      lastSequence: row[8])
  }

  /// Reads a row of `columns` though its definition may not be readable.
  static func listed(_ row: Row, _ counts: [TrialState: Int]) throws -> ListedStudy {
    do {
      return .readable(StudySummary(try study(row).study, counts: counts))
    } catch let error as StudyError where error.code == .studyUnreadable {
      let name: String = row[1]
      guard let state = StudyState(rawValue: row[6]) else { throw StudyError.unreadable("a study \"\(name)\"") }
      return .unreadable(
        UnreadableStudy(
          name: name, state: state, createdAt: Timestamp(milliseconds: row[9]), revision: row[7], counts: counts,
          error: error.message))
    }
  }

  private static func definition(_ text: String, _ name: String) throws(StudyError) -> StudyDefinition {
    let what = "a study \"\(name)\""
    return try DefinitionCache.shared.definition(text) { (text) throws(StudyError) in
      let json = try JSONValue(stored: text, what)
      do throws(InvalidInput) {
        return try StudyDefinition(json)
      } catch {
        throw .unreadable(name, StudyError(error))
      }
    }
  }
}
