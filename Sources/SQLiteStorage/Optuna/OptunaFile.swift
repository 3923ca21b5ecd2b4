import Foundation
import GRDB
package import TuningModel

/// A SQLite file of Optuna's relational storage, from its schema `v2.4.0.a` on.
///
/// It is read on a connection that cannot write, in one transaction, so Optuna may go on using it.
package struct OptunaFile: Hashable, Sendable {
  /// The path.
  package let path: String

  /// The revision of the schema that is written, and the number that Optuna keeps beside it.
  static let writtenRevision = "v3.2.0.a"
  static let writtenSchema = 12

  /// Names a file; nothing is opened.
  package init(_ path: String) { self.path = path }

  /// The names of the studies in the file, in the order in which they were made.
  ///
  /// - Throws: `storage_failed` for a file that is not there, not Optuna's, or of a schema that is too old.
  package func studies() throws(StudyError) -> [String] {
    try reading { database in
      try String.fetchAll(database, sql: "SELECT study_name FROM studies ORDER BY study_id")
    }
  }

  /// A study with all its trials.
  ///
  /// - Throws: `study_not_found`, and what `studies()` throws.
  package func study(_ name: String) throws(StudyError) -> OptunaStudy {
    try reading { database in
      guard
        let id = try Int64.fetchOne(
          database, sql: "SELECT study_id FROM studies WHERE study_name = ?", arguments: [name])
      else { throw StudyError(.studyNotFound, "There is no study \"\(name)\" in \(path).") }
      var study = OptunaStudy(name, directions: try Self.directions(of: id, in: database, path))
      study.userAttributes = try Self.attributes("study_user_attributes", of: id, in: database)
      study.systemAttributes = try Self.attributes("study_system_attributes", of: id, in: database)
      var reader = OptunaTrialReader(study: id, database, path: path)
      study.trials = try reader.read()
      return study
    }
  }

  private static func directions(
    of study: Int64, in database: Database, _ path: String
  ) throws -> [OptunaStudy.Direction] {
    let texts = try String.fetchAll(
      database, sql: "SELECT direction FROM study_directions WHERE study_id = ? ORDER BY objective", arguments: [study])
    return try texts.map { text in
      // A study of old that never had a result may not have been given one; Optuna minimises then.
      if text == "NOT_SET" { return .minimize }
      guard let direction = OptunaStudy.Direction(rawValue: text) else {
        throw StudyError(.storageFailed, "\(path) has a direction \"\(text)\", which this version does not know.")
      }
      return direction
    }
  }

  private static func attributes(
    _ table: String, of study: Int64, in database: Database
  ) throws -> [String: String] {
    var attributes: [String: String] = [:]
    let rows = try Row.fetchCursor(
      database, sql: "SELECT key, value_json FROM \(table) WHERE study_id = ?", arguments: [study])
    while let row = try rows.next() { attributes[row[0]] = row[1] }
    return attributes
  }

  private func reading<Answer>(_ body: (Database) throws -> Answer) throws(StudyError) -> Answer {
    guard FileManager.default.fileExists(atPath: path) else {
      throw StudyError(.storageFailed, "There is no file \(path).")
    }
    var configuration = Configuration()
    configuration.label = "Optuna"
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    do {
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      defer { try? queue.close() }
      return try queue.read { database in
        try Self.checkSchema(of: database, path)
        return try body(database)
      }
    } catch {
      throw StudyError(error, at: path)
    }
  }

  private static func checkSchema(of database: Database, _ path: String) throws {
    guard try database.tableExists("studies"), try database.tableExists("trial_params") else {
      throw StudyError(.storageFailed, "\(path) is no storage of Optuna.")
    }
    let hasObjectives =
      try database.tableExists("study_directions")
      && database.columns(in: "trial_values").contains { $0.name == "objective" }
    if !hasObjectives {
      throw StudyError(
        .storageFailed,
        "\(path) was written by Optuna before 2.4; bring it up to date first: optuna storage upgrade --storage URL.")
    }
  }
}
