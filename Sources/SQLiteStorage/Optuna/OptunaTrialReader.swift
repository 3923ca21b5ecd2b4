import GRDB
import TuningModel

/// Reads the trials of one study, whatever columns the file's schema has.
struct OptunaTrialReader {
  private let study: Int64
  private let database: Database
  private let path: String
  private var trials: [OptunaTrial] = []
  private var position: [Int64: Int] = [:]

  init(study: Int64, _ database: Database, path: String) {
    self.study = study
    self.database = database
    self.path = path
  }

  /// All trials by number.
  mutating func read() throws -> [OptunaTrial] {
    try readRows()
    try each("trial_params", "param_name, param_value, distribution_json", order: "param_id") { trial, row in
      trial.parameters.append(OptunaParameter(row[1], row[2] ?? .nan, distribution: row[3]))
    }
    let valueType = try type(in: "trial_values", "value_type")
    try each("trial_values", "objective, value, \(valueType)", order: "trial_value_id") { trial, row in
      trial.values[row[1]] = Self.value(row[2], type: row[3])
    }
    let stepType = try type(in: "trial_intermediate_values", "intermediate_value_type")
    try each("trial_intermediate_values", "step, intermediate_value, \(stepType)", order: "step") { trial, row in
      trial.intermediateValues[row[1]] = Self.value(row[2], type: row[3])
    }
    try each("trial_user_attributes", "key, value_json", order: "trial_user_attribute_id") { trial, row in
      trial.userAttributes[row[1]] = row[2]
    }
    try each("trial_system_attributes", "key, value_json", order: "trial_system_attribute_id") { trial, row in
      trial.systemAttributes[row[1]] = row[2]
    }
    return trials
  }

  private mutating func readRows() throws {
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT trial_id, number, state, datetime_start, datetime_complete FROM trials WHERE study_id = ? \
        ORDER BY number, trial_id
        """, arguments: [study])
    while let row = try rows.next() {
      let text: String = row[2]
      guard let state = OptunaTrial.State(rawValue: text) else {
        throw StudyError(
          .storageFailed, "\(path) has a trial in the state \"\(text)\", which this version does not know.")
      }
      // Files of old may lack the number, which then is the place.
      var trial = OptunaTrial(row[1] ?? trials.count, state)
      trial.startedAt = row[3]
      trial.completedAt = row[4]
      position[row[0]] = trials.count
      trials.append(trial)
    }
  }

  /// Goes through the rows of a table that belong to the study's trials; the row's first column is the trial.
  private mutating func each(
    _ table: String, _ columns: String, order: String, _ body: (inout OptunaTrial, Row) -> Void
  ) throws {
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT trial_id, \(columns) FROM \(table) \
        WHERE trial_id IN (SELECT trial_id FROM trials WHERE study_id = ?) ORDER BY trial_id, \(order)
        """, arguments: [study])
    while let row = try rows.next() {
      if let index = position[row[0]] { body(&trials[index], row) }
    }
  }

  /// The column that says of what kind a value is; schemas before 3.0 have none.
  private func type(in table: String, _ column: String) throws -> String {
    try database.columns(in: table).contains { $0.name == column } ? column : "NULL"
  }

  /// A value as Optuna means it.
  ///
  /// SQLite keeps NaN as NULL; before there were kinds, infinities were stored as the largest numbers.
  private static func value(_ value: Double?, type: String?) -> Double {
    switch type {
    case "INF_POS": .infinity
    case "INF_NEG": -.infinity
    case "NAN": .nan
    case nil where value == .greatestFiniteMagnitude: .infinity
    case nil where value == -.greatestFiniteMagnitude: -.infinity
    default: value ?? .nan
    }
  }
}
