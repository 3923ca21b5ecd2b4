import GRDB
public import StudyOperations
public import TuningModel

extension SQLiteStudyStore {
  /// The trials of a selection after a place in its order.
  public func trials(
    of study: StoredStudy, _ selection: TrialSelection, after place: TrialPlace?, limit: Int
  ) async throws(StudyError) -> [Trial] {
    try await read { database in
      var trials: [Trial] = []
      func add(_ query: TrialListQuery) throws {
        let statement = try database.cachedStatement(sql: query.sql)
        let rows = try Row.fetchCursor(statement, arguments: query.arguments)
        while let row = try rows.next() { trials.append(try TrialRecord.trial(row, study.original.space)) }
      }
      // Those that lack what they are ordered by come after all others.
      let hasLacking = selection.order.key != .number
      let isAmongLacking = hasLacking && place.map { $0.key == nil } ?? false
      if !isAmongLacking { try add(TrialListQuery(study: study.id, selection, after: place, limit: limit)) }
      if hasLacking && trials.count < limit {
        let start = isAmongLacking ? place : nil
        try add(
          TrialListQuery(study: study.id, selection, after: start, isLacking: true, limit: limit - trials.count))
      }
      return trials
    }
  }

  /// The eligible trial with the least cost; of equal ones that with the lower number.
  public func best(of study: StoredStudy) async throws(StudyError) -> Trial? {
    try await read { database in
      let statement = try database.cachedStatement(sql: Self.bestQuery)
      return try Row.fetchOne(statement, arguments: [study.id])
        .map { try TrialRecord.trial($0, study.original.space) }
    }
  }

  /// The eligible trials with a cost in the order of their ends.
  public func costs(of study: StoredStudy) async throws(StudyError) -> [TrialCost] {
    try await read { database in
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT number, cost, finished_at FROM trials WHERE study = ? AND eligible = 1 AND cost IS NOT NULL \
          ORDER BY finished_at, number
          """, arguments: [study.id])
      var costs: [TrialCost] = []
      while let row = try rows.next() {
        costs.append(
          TrialCost(trial: row[0], cost: row[1], finishedAt: Timestamp(milliseconds: row[2])))
      }
      return costs
    }
  }

  /// The values of these metrics of every eligible trial, by number.
  public func values(
    of study: StoredStudy, metrics: [String]
  ) async throws(StudyError) -> [(number: TrialNumber, values: [Double])] {
    try await read { database in
      let rows = try Row.fetchCursor(
        database, sql: "SELECT number, metrics FROM trials WHERE study = ? AND eligible = 1 ORDER BY number",
        arguments: [study.id])
      var found: [(number: TrialNumber, values: [Double])] = []
      while let row = try rows.next() {
        let number: Int = row[0]
        let what = "a trial \(number)"
        let values = try JSONValue(stored: row[1], what).numbers ?? [:]
        let wanted = metrics.compactMap { values[$0] }
        if wanted.count < metrics.count { throw StudyError.unreadable(what) }
        found.append((number, wanted))
      }
      return found
    }
  }
}

extension SQLiteStudyStore {
  static let bestQuery = """
    SELECT \(TrialRecord.columns) FROM trials WHERE study = ? AND eligible = 1 AND cost IS NOT NULL \
    ORDER BY cost, number LIMIT 1
    """
}
