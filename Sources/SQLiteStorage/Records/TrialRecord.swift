import GRDB
import TuningModel

/// The form of a trial in its table.
enum TrialRecord {
  /// The columns in the order in which `trial(_:_:)` reads them.
  static let columns = """
    number, state, reason, parameters, origin, metrics, standard_errors, step, worker, attempt, lost_leases, \
    lease_token, lease_expires_at, created_at, started_at, finished_at, excluded_at, revision, request, oracle, \
    resume
    """

  private static let update = """
    UPDATE trials SET state = ?, reason = ?, metrics = ?, standard_errors = ?, step = ?, worker = ?, attempt = ?, \
    lost_leases = ?, lease_token = ?, lease_expires_at = ?, started_at = ?, finished_at = ?, excluded_at = ?, \
    revision = ?, oracle = ?, cost = ?, eligible = ? \
    WHERE study = ? AND number = ?
    """

  private static let insert = """
    INSERT INTO trials (state, reason, metrics, standard_errors, step, worker, attempt, lost_leases, lease_token, \
    lease_expires_at, started_at, finished_at, excluded_at, revision, oracle, cost, eligible, study, number, \
    parameters, origin, request, resume, created_at) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """

  /// Writes a trial as it stands; parameters, origin, request, resume and creation stay as they were first written.
  static func write(
    _ trial: Trial, _ standing: TrialStanding?, of study: Int64, in database: Database
  ) throws {
    let changing: [(any DatabaseValueConvertible)?] = [
      trial.state.rawValue, trial.reason, trial.measurement?.metrics.json.text,
      trial.measurement?.standardErrors.json.text, trial.measurement?.step, trial.worker, trial.attempt,
      trial.lostLeases, trial.lease?.token, trial.lease?.expiresAt.milliseconds, trial.startedAt.milliseconds,
      trial.finishedAt?.milliseconds, trial.excludedAt?.milliseconds, trial.revision,
      trial.measurement?.extrasRecord?.text,
      standing?.cost, standing?.isEligible ?? false, study, trial.number,
    ]
    try database.cachedStatement(sql: update).execute(arguments: StatementArguments(changing))
    if database.changesCount > 0 { return }
    let fixed: [(any DatabaseValueConvertible)?] = [
      trial.parameters.json.text, trial.origin.json.text, trial.request?.json.text, trial.resume?.json.text,
      trial.createdAt.milliseconds,
    ]
    try database.cachedStatement(sql: insert).execute(arguments: StatementArguments(changing + fixed))
  }

  /// Reads a row of `columns`.
  static func trial(_ row: Row, _ space: SearchSpace) throws -> Trial {
    let number: Int = row[0]
    let what = "a trial \(number)"
    guard let state = TrialState(rawValue: row[1]),
      let parameters = space.parameters(stored: try JSONValue(stored: row[3], what)),
      let origin = SuggestionOrigin(stored: try JSONValue(stored: row[4], what))
    else { throw StudyError.unreadable(what) }
    let asked: String? = row[18]
    let request = try asked.map { text in try OracleRequest(stored: JSONValue(stored: text, what), what) }
    let part: String? = row[20]
    let resume = try part.map { text in try Resume(stored: JSONValue(stored: text, what), what) }
    let token: String? = row[11]
    let expiry: Int64? = row[12]
    let finished: Int64? = row[15]
    let excluded: Int64? = row[16]
    return Trial(
      number: number, state: state, reason: row[2], parameters: parameters, origin: origin,
      request: request, resume: resume, measurement: try measurement(row, what), worker: row[8], attempt: row[9],
      lostLeases: row[10],
      lease: token.flatMap { token in
        expiry.map { Lease(token: token, expiresAt: Timestamp(milliseconds: $0)) }
      },
      createdAt: Timestamp(milliseconds: row[13]), startedAt: Timestamp(milliseconds: row[14]),
      finishedAt: finished.map(Timestamp.init(milliseconds:)),
      excludedAt: excluded.map(Timestamp.init(milliseconds:)), revision: row[17])
  }

  private static func measurement(_ row: Row, _ what: String) throws -> Measurement? {
    guard let metrics: String = row[5] else { return nil }
    guard let values = try JSONValue(stored: metrics, what).numbers,
      let errors = try JSONValue(stored: row[6] ?? "{}", what).numbers
    else { throw StudyError.unreadable(what) }
    var measurement = Measurement(values, step: row[7], standardErrors: errors)
    if let extras: String = row[19] {
      guard measurement.takeExtras(record: try JSONValue(stored: extras, what)) else {
        throw StudyError.unreadable(what)
      }
    }
    return measurement
  }
}
