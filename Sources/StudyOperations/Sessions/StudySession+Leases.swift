import TuningModel

extension StudySession {
  /// Takes back trials whose lease or time has run out, where there are any; once at a time.
  func sweep() async {
    let now = clock.monotonicNanoseconds
    let isDue = loaded.map { !$0.roster.losses(at: now).isEmpty } ?? keptTerms.hasLosses(at: now)
    if isSweeping || !isDue { return }
    isSweeping = true
    defer { isSweeping = false }
    // What cannot be stored now is taken back before the next step, which then reports the failure.
    try? await step { (_: isolated StudySession) throws(StudyError) in }
  }

  /// Puts lost trials back to wait, or ends them after their last retry or where they were told to stop, in a commit of its
  /// own.
  func takeBackLostTrials(at time: UInt64) async throws(StudyError) {
    let losses = try known.roster.losses(at: time)
    if losses.isEmpty { return }
    var draft = try draft()
    let retries = draft.roster.study.definition.budget.maxRetries
    for (trial, reason) in losses {
      var lost = trial
      lost.lostLeases += 1
      if lost.state == .stopping {
        draft.finish(lost, try pruned(lost))
      } else if lost.lostLeases > retries {
        draft.finish(lost, Ending(.failed, reason))
      } else {
        draft.putBack(lost, reason: reason)
      }
    }
    try await commit(draft)
    for (_, reason) in losses { instruments.noteLoss(reason) }
  }

  /// Lets a lease end later; nothing is stored.
  func heartbeat(_ number: TrialNumber, token: String, seconds: Double?) async throws(StudyError) -> Trial {
    if let seconds, let objection = LeaseTerm.objection(to: seconds) { throw .invalid("/seconds", objection) }
    return try await step { session throws(StudyError) in
      guard let trial = try session.known.roster.open[number]?.trial else {
        let ended = try await session.finalTrial(number)
        if [TrialReason.leaseExpired, TrialReason.timeout].contains(ended.reason) { throw .leaseLost(ended) }
        throw .ended(ended, in: session.name)
      }
      guard let lease = trial.lease, lease.token == token else { throw .leaseLost(trial) }
      var draft = try session.draft()
      draft.renew(number, seconds: seconds)
      try await session.commit(draft)
      return draft.roster.open[number]?.trial ?? trial
    }
  }

  /// Takes a trial back to wait for another worker; one that waits already is left as it is, and one that was told to stop
  /// is over.
  func requeue(_ number: TrialNumber, token: String?, reason: String?) async throws(StudyError) -> Trial {
    try await step { session throws(StudyError) in
      guard let trial = try session.known.roster.open[number]?.trial else {
        throw .ended(try await session.finalTrial(number), in: session.name)
      }
      if trial.state == .waiting { return trial }
      if let token, let lease = trial.lease, lease.token != token { throw .leaseLost(trial) }
      var draft = try session.draft()
      if trial.state == .stopping {
        let ended = draft.finish(trial, try session.pruned(trial))
        try await session.commit(draft)
        session.noteResult()
        return ended
      }
      draft.putBack(trial, reason: Reason.sound(reason) ?? TrialReason.preempted)
      try await session.commit(draft)
      return draft.roster.open[number]?.trial ?? trial
    }
  }

  /// A trial that is in a final state.
  func finalTrial(_ number: TrialNumber) async throws(StudyError) -> Trial {
    let roster = try known.roster
    guard (1...max(1, roster.trialCount)).contains(number),
      let trial = try await store.trial(number, of: roster.stored)
    else { throw .noTrial(number, in: name) }
    return trial
  }
}

extension Draft {
  /// Puts a trial back to wait.
  mutating func putBack(_ trial: Trial, reason: String) {
    var waiting = trial
    waiting.state = .waiting
    waiting.reason = reason
    waiting.lease = nil
    record(.requeued(reason: reason), waiting)
  }

  /// Brings a trial to its end and answers with what it has become.
  @discardableResult
  mutating func finish(_ trial: Trial, _ ending: Ending) -> Trial {
    var ended = trial
    ended.state = ending.state
    ended.reason = ending.reason
    ended.measurement = ending.measurement
    ended.lease = nil
    ended.finishedAt = now
    record(ending.kind, ended)
    return ended
  }
}

extension StudyError {
  /// Somebody else holds the trial, or nobody does.
  static func leaseLost(_ trial: Trial) -> StudyError {
    StudyError(
      .leaseLost, "This lease on trial \(trial.number) has ended; the trial is \(trial.state.rawValue) now.",
      trial: trial.withoutSecret)
  }

  /// The trial is in a final state.
  static func ended(_ trial: Trial, in study: String) -> StudyError {
    StudyError(
      .trialState, "Trial \(trial.number) of the study \"\(study)\" is \(trial.state.rawValue) already.", trial: trial)
  }
}

extension Trial {
  /// The trial without the token of its lease, for those who do not hold it.
  var withoutSecret: Trial {
    var trial = self
    trial.lease?.token = ""
    return trial
  }
}
