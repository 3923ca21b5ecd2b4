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
      try trial.checkRight(token, in: session.name)
      var draft = try session.draft()
      if trial.state == .stopping {
        let ended = draft.finish(trial, try session.pruned(trial))
        try await session.commit(draft, answering: .trial(ended))
        session.noteResult()
        return ended
      }
      let waiting = draft.putBack(trial, reason: Reason.sound(reason) ?? TrialReason.preempted)
      try await session.commit(draft, answering: .trial(waiting))
      return waiting
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
  @discardableResult
  mutating func putBack(_ trial: Trial, reason: String) -> Trial {
    var waiting = trial
    waiting.state = .waiting
    waiting.reason = reason
    waiting.lease = nil
    return record(.requeued(reason: reason), waiting)
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
    return record(ending.kind, ended)
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
  /// Checks that whoever tells a result, or gives the trial back, may do so.
  ///
  /// While nobody holds the trial, everybody may: a late result is a result. Without a token it counts as the holder's as
  /// long as the trial was handed out once; after that it may be from the worker that lost it.
  /// - Throws: `lease_lost` where somebody else holds it, `lease_required` where only a token can tell.
  func checkRight(_ token: String?, in study: String) throws(StudyError) {
    guard let lease else { return }
    if let token {
      if lease.token == token { return }
      throw StudyError(
        .leaseLost, "Somebody else holds trial \(number) of the study \"\(study)\" now.", trial: withoutSecret)
    }
    if attempt > 1 {
      throw StudyError(
        .leaseRequired,
        "Trial \(number) of the study \"\(study)\" has been handed out again since: send the token of its lease.",
        trial: withoutSecret)
    }
  }

  /// The trial without the token of its lease, for those who do not hold it.
  var withoutSecret: Trial {
    var trial = self
    trial.lease?.token = ""
    return trial
  }
}
