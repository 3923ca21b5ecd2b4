import Foundation
import GRDB
package import TuningModel

extension OptunaFile {
  /// Writes a file with one study, which Optuna 3.2 and later open and go on with.
  ///
  /// - Throws: `storage_failed` where there is a file already, or it cannot be written.
  package func write(_ study: OptunaStudy) throws(StudyError) {
    if FileManager.default.fileExists(atPath: path) {
      throw StudyError(.storageFailed, "There is a file \(path) already; nothing was written.")
    }
    // Under a passing name until it is whole.
    let draft = path + ".partial"
    do {
      try? FileManager.default.removeItem(atPath: draft)
      let queue = try DatabaseQueue(path: draft)
      try queue.write { database in
        for statement in Self.schema { try database.execute(sql: statement) }
        try Self.insert(study, into: database)
      }
      try queue.close()
      try FileManager.default.moveItem(atPath: draft, toPath: path)
    } catch {
      try? FileManager.default.removeItem(atPath: draft)
      throw StudyError(error, at: path)
    }
  }

  private static func insert(_ study: OptunaStudy, into database: Database) throws {
    try database.execute(
      sql: "INSERT INTO version_info VALUES (1, ?, ?)", arguments: [writtenSchema, "Hone \(HoneVersion.current)"])
    try database.execute(sql: "INSERT INTO alembic_version VALUES (?)", arguments: [writtenRevision])
    try database.execute(sql: "INSERT INTO studies VALUES (1, ?)", arguments: [study.name])
    for (objective, direction) in study.directions.enumerated() {
      try database.execute(
        sql: "INSERT INTO study_directions (direction, study_id, objective) VALUES (?, 1, ?)",
        arguments: [direction.rawValue, objective])
    }
    try insert(study.userAttributes, into: "study_user_attributes", "study_id", of: 1, database)
    try insert(study.systemAttributes, into: "study_system_attributes", "study_id", of: 1, database)
    for trial in study.trials { try insert(trial, into: database) }
  }

  private static func insert(_ trial: OptunaTrial, into database: Database) throws {
    try database.execute(
      sql: "INSERT INTO trials (number, study_id, state, datetime_start, datetime_complete) VALUES (?, 1, ?, ?, ?)",
      arguments: [trial.number, trial.state.rawValue, trial.startedAt, trial.completedAt])
    let id = database.lastInsertedRowID
    for parameter in trial.parameters {
      try database.execute(
        sql: "INSERT INTO trial_params (trial_id, param_name, param_value, distribution_json) VALUES (?, ?, ?, ?)",
        arguments: [id, parameter.name, parameter.value, parameter.distribution])
    }
    for (objective, value) in trial.values.sorted(by: { $0.key < $1.key }) where !value.isNaN {
      let (stored, type) = form(of: value)
      try database.execute(
        sql: "INSERT INTO trial_values (trial_id, objective, value, value_type) VALUES (?, ?, ?, ?)",
        arguments: [id, objective, stored, type])
    }
    for (step, value) in trial.intermediateValues.sorted(by: { $0.key < $1.key }) {
      let (stored, type) = form(of: value)
      try database.execute(
        sql: """
          INSERT INTO trial_intermediate_values (trial_id, step, intermediate_value, intermediate_value_type) \
          VALUES (?, ?, ?, ?)
          """, arguments: [id, step, stored, type])
    }
    try insert(trial.userAttributes, into: "trial_user_attributes", "trial_id", of: id, database)
    try insert(trial.systemAttributes, into: "trial_system_attributes", "trial_id", of: id, database)
  }

  private static func insert(
    _ attributes: [String: String], into table: String, _ owner: String, of id: Int64, _ database: Database
  ) throws {
    for (key, value) in attributes.sorted(by: { $0.key < $1.key }) {
      try database.execute(
        sql: "INSERT INTO \(table) (\(owner), key, value_json) VALUES (?, ?, ?)", arguments: [id, key, value])
    }
  }

  /// A value and its kind; only finite ones are stored as numbers.
  private static func form(of value: Double) -> (Double?, String) {
    if value.isNaN { return (nil, "NAN") }
    if value.isInfinite { return (nil, value > 0 ? "INF_POS" : "INF_NEG") }
    return (value, "FINITE")
  }

  /// The tables of Optuna's schema `v3.2.0.a`: names, columns and keys are its interface.
  private static let schema = [
    "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)",
    """
    CREATE TABLE version_info (version_info_id INTEGER NOT NULL PRIMARY KEY CHECK (version_info_id = 1), \
    schema_version INTEGER, library_version VARCHAR(256))
    """,
    "CREATE TABLE studies (study_id INTEGER NOT NULL PRIMARY KEY, study_name VARCHAR(512) NOT NULL)",
    "CREATE UNIQUE INDEX ix_studies_study_name ON studies (study_name)",
    """
    CREATE TABLE study_directions (study_direction_id INTEGER NOT NULL PRIMARY KEY, direction VARCHAR(8) NOT NULL, \
    study_id INTEGER NOT NULL REFERENCES studies (study_id), objective INTEGER NOT NULL, UNIQUE (study_id, objective))
    """,
    attributes("study_user_attributes", "study_user_attribute_id", "study_id", of: "studies"),
    attributes("study_system_attributes", "study_system_attribute_id", "study_id", of: "studies"),
    """
    CREATE TABLE trials (trial_id INTEGER NOT NULL PRIMARY KEY, number INTEGER, \
    study_id INTEGER REFERENCES studies (study_id), state VARCHAR(8) NOT NULL, datetime_start DATETIME, \
    datetime_complete DATETIME)
    """,
    "CREATE INDEX ix_trials_study_id ON trials (study_id)",
    attributes("trial_user_attributes", "trial_user_attribute_id", "trial_id", of: "trials"),
    attributes("trial_system_attributes", "trial_system_attribute_id", "trial_id", of: "trials"),
    """
    CREATE TABLE trial_params (param_id INTEGER NOT NULL PRIMARY KEY, \
    trial_id INTEGER REFERENCES trials (trial_id), param_name VARCHAR(512), param_value FLOAT, \
    distribution_json TEXT, UNIQUE (trial_id, param_name))
    """,
    """
    CREATE TABLE trial_values (trial_value_id INTEGER NOT NULL PRIMARY KEY, \
    trial_id INTEGER NOT NULL REFERENCES trials (trial_id), objective INTEGER NOT NULL, value FLOAT, \
    value_type VARCHAR(7) NOT NULL, UNIQUE (trial_id, objective))
    """,
    """
    CREATE TABLE trial_intermediate_values (trial_intermediate_value_id INTEGER NOT NULL PRIMARY KEY, \
    trial_id INTEGER NOT NULL REFERENCES trials (trial_id), step INTEGER NOT NULL, intermediate_value FLOAT, \
    intermediate_value_type VARCHAR(7) NOT NULL, UNIQUE (trial_id, step))
    """,
    """
    CREATE TABLE trial_heartbeats (trial_heartbeat_id INTEGER NOT NULL PRIMARY KEY, \
    trial_id INTEGER NOT NULL UNIQUE REFERENCES trials (trial_id), heartbeat DATETIME NOT NULL)
    """,
  ]

  private static func attributes(_ table: String, _ id: String, _ owner: String, of owners: String) -> String {
    """
    CREATE TABLE \(table) (\(id) INTEGER NOT NULL PRIMARY KEY, \(owner) INTEGER REFERENCES \(owners) (\(owner)), \
    "key" VARCHAR(512), value_json TEXT, UNIQUE (\(owner), "key"))
    """
  }
}
