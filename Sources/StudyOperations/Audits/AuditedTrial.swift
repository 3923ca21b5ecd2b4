import TuningModel

/// What the log says of a trial, to be held against its row.
struct AuditedTrial: Sendable {
  var trial: Trial
  /// The last event that concerns it.
  var sequence: Int

  /// What the row says otherwise; empty where it agrees.
  ///
  /// Leases are left out: they are renewed without an event.
  func differences(to row: Trial) -> [String] {
    var found: [String] = []
    func compare<Value: Equatable>(_ name: String, _ logged: Value, _ stored: Value) {
      if logged != stored { found.append(name) }
    }
    if trial.state != row.state {
      found.append("state (\(row.state.rawValue), by the log \(trial.state.rawValue))")
    }
    compare("reason", trial.reason, row.reason)
    compare("parameters", trial.parameters, row.parameters)
    compare("origin", trial.origin, row.origin)
    compare("request", trial.request, row.request)
    compare("resume", trial.resume, row.resume)
    compare("worker", trial.worker, row.worker)
    compare("attempt", trial.attempt, row.attempt)
    compare("time of creation", trial.createdAt, row.createdAt)
    compare("time of hand-out", trial.startedAt, row.startedAt)
    compare("time of end", trial.finishedAt, row.finishedAt)
    compare("time of exclusion", trial.excludedAt, row.excludedAt)
    switch (trial.measurement, row.measurement) {
    case (nil, nil): break
    case (let logged?, let stored?) where logged.isSame(as: stored): break
    default: found.append("metrics")
    }
    if row.lostLeases > row.attempt { found.append("number of lost leases") }
    return found
  }
}
