import TuningModel

extension StudySession {
  /// Takes an intermediate measurement, decides on it and renews the lease; the same measurement again is answered alike.
  ///
  /// The decision is recorded with the measurement in one event. Steps increase within an attempt of a trial. A measurement
  /// that has come is taken although its caller goes: nobody else has it.
  func report(_ number: TrialNumber, _ measurement: Measurement, token: String) async throws(StudyError) -> Decision {
    let measurement = try measurement.checkedAsReport()
    return try await step { session throws(StudyError) in
      try await session.take(measurement, of: number, token)
    }
  }

  private func take(
    _ measurement: Measurement, of number: TrialNumber, _ token: String
  ) async throws(StudyError) -> Decision {
    let known = try known
    guard let entry = known.roster.open[number] else { return try await repeated(measurement, ofEnded: number) }
    let trial = entry.trial
    guard let lease = trial.lease, lease.token == token else { throw .leaseLost(trial) }
    try trial.resume?.check(step: measurement.step, from: 0)
    var report = TrialReport(measurement, attempt: trial.attempt)
    var draft = try draft()
    let progress = known.fold.progress[number]
    if let last = progress?.last, last.attempt == trial.attempt, report.step <= last.step {
      let decision = try await repeated(measurement, of: trial, after: last)
      draft.renew(number, seconds: nil)
      try await commit(draft)
      return decision
    }
    if progress?.count ?? 0 >= StudyOperationLimits.reportsOfOneTrial {
      throw .invalid(
        "/step",
        "Trial \(number) has \(StudyOperationLimits.reportsOfOneTrial) measurements already; report less often.")
    }
    let isStopping = trial.state == .stopping
    report.decision = isStopping ? .stop : known.decision(on: report, of: number)
    if report.decision == .stop && !isStopping {
      draft.stop(entry, report)
    } else {
      draft.record(.reported(report), of: number)
    }
    draft.renew(number, seconds: nil)
    try await commit(draft, answering: .reported(report.decision))
    return report.decision
  }

  /// What was decided on a measurement before, in the trial's present attempt.
  private func repeated(
    _ measurement: Measurement, of trial: Trial, after last: TrialReport
  ) async throws(StudyError) -> Decision {
    var stored: TrialReport? = last
    if measurement.step != last.step {
      stored = try await store.reports(on: trial.number, of: try known.roster.stored)
        .last { $0.attempt == trial.attempt && $0.measurement.step == measurement.step }
    }
    guard let stored else {
      throw .invalid(
        "/step",
        "Trial \(trial.number) is at step \(last.step) already, and steps increase; \(measurement.step ?? 0) is over.")
    }
    if stored.measurement.isSame(as: measurement) { return stored.decision }
    throw .otherMeasurement(stored, of: trial)
  }

  /// What was decided on a measurement before the trial came to its end.
  private func repeated(_ measurement: Measurement, ofEnded number: TrialNumber) async throws(StudyError) -> Decision {
    let trial = try await finalTrial(number)
    let stored = try await store.reports(on: number, of: try known.roster.stored)
      .last { $0.attempt == trial.attempt && $0.measurement.step == measurement.step }
    if let stored, stored.measurement.isSame(as: measurement) { return stored.decision }
    if [TrialReason.leaseExpired, TrialReason.timeout].contains(trial.reason) { throw .leaseLost(trial) }
    throw .ended(trial, in: name)
  }

  /// What becomes of a trial that was told to stop and whose worker gives no result.
  func pruned(_ trial: Trial) throws(StudyError) -> Ending {
    Ending(.pruned, TrialReason.stopped, try known.fold.progress.lastMeasurement(of: trial.number))
  }
}

extension StudySession.Loaded {
  /// What the stopping rule decides on a report, and where that lets the trial go on the tuner.
  fileprivate func decision(on report: TrialReport, of number: TrialNumber) -> Decision {
    let decision = fold.stopping?.decision(on: report, of: number) ?? .continue
    return decision == .continue ? fold.tuner.decision(on: report, of: number, seed: roster.study.seed) : decision
  }
}

extension Draft {
  /// Records a report and lets its trial be stopped.
  fileprivate mutating func stop(_ entry: Roster.OpenTrial, _ report: TrialReport) {
    var stopping = entry.trial
    stopping.state = .stopping
    stopping.reason = TrialReason.stopped
    // What is stored counts from the hand-out: a later start takes the length of the lease from it.
    if let term = entry.term { stopping.lease?.expiresAt = stopping.startedAt.advanced(bySeconds: term.seconds) }
    record(.reported(report), stopping, term: entry.term)
  }
}

extension Measurement {
  /// The measurement as it is kept.
  ///
  /// - Throws: `invalid` with every part that is not acceptable.
  func checkedAsReport() throws(StudyError) -> Measurement {
    var mistakes = mistakes(required: [])
    func refuse(_ pointer: String, _ detail: String) {
      mistakes.append(InputMistake(pointer: pointer, detail: detail))
    }
    if metrics.isEmpty { refuse("/metrics", "Needs at least one metric.") }
    if step.map({ $0 < 0 }) ?? true { refuse("/step", "Must be a whole number from 0.") }
    if let objection = checkpointObjection { refuse("/checkpoint", objection) }
    if !mistakes.isEmpty { throw StudyError(InvalidInput(mistakes)) }
    return storable
  }
}

extension StudyError {
  /// The trial has another measurement at this step.
  fileprivate static func otherMeasurement(_ stored: TrialReport, of trial: Trial) -> StudyError {
    var shown = trial.withoutSecret
    shown.measurements = [stored.measurement]
    return StudyError(
      .reportConflict, "Trial \(trial.number) has another measurement at step \(stored.step) already.", trial: shown)
  }
}
