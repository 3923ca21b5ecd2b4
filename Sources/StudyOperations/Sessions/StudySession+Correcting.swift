import TuningModel

extension StudySession {
  /// Corrects how a finished trial ended; a correction that changes nothing leaves no trace.
  func correct(
    _ number: TrialNumber, _ outcome: TrialResult.Outcome, revision: Int?
  ) async throws(StudyError) -> Trial {
    try await step { session throws(StudyError) in
      let trial = try await session.anyTrial(number)
      try trial.check(revision: revision)
      guard trial.state.isFinal, trial.excludedAt == nil else {
        throw StudyError(
          .trialState,
          "Trial \(number) of the study \"\(session.name)\" is \(trial.standing); only what has ended can be corrected.",
          trial: trial.withoutSecret)
      }
      var draft = try session.draft()
      let ending = try Ending(
        try session.oracleCheck.completed(outcome, of: number, trial.request).keeping(trial.measurement?.checkpoint),
        of: draft.roster.study.definition)
      try ending.check(ending: trial)
      if ending.matches(trial) { return trial }
      var corrected = trial
      corrected.state = ending.state
      corrected.reason = ending.reason
      corrected.measurement = ending.measurement
      let correction = TrialCorrection(ending.state, reason: ending.reason, measurement: ending.measurement)
      corrected = draft.revise(.corrected(correction), corrected, from: trial)
      try await session.commitRevision(draft, corrected)
      return corrected
    }
  }

  /// Takes a trial out of what the study goes by; one that waits ends as failed, and one that is out already stays so.
  func exclude(_ number: TrialNumber, revision: Int?) async throws(StudyError) -> Trial {
    try await step { session throws(StudyError) in
      var trial = try await session.anyTrial(number)
      try trial.check(revision: revision)
      if trial.excludedAt != nil { return trial }
      var draft = try session.draft()
      if trial.state == .waiting { trial = draft.finish(trial, Ending(.failed, TrialReason.user)) }
      guard trial.state.isFinal else {
        throw StudyError(
          .trialState,
          "Trial \(number) of the study \"\(session.name)\" is \(trial.state.rawValue): tell its result or give it back first.",
          trial: trial.withoutSecret)
      }
      var excluded = trial
      excluded.excludedAt = draft.now
      excluded = draft.revise(.excluded, excluded, from: trial)
      try await session.commitRevision(draft, excluded)
      return excluded
    }
  }

  /// Commits a change of what was known, so that nothing that rests on it is handed out any more.
  private func commitRevision(_ draft: Draft, _ trial: Trial) async throws(StudyError) {
    try await commit(draft, answering: .trial(trial))
    firstSoundHistory = draft.roster.stored.lastSequence
    discardSuggestions()
    noteResult()
  }

  /// A trial in any state.
  private func anyTrial(_ number: TrialNumber) async throws(StudyError) -> Trial {
    if let trial = try known.roster.open[number]?.trial { return trial }
    return try await finalTrial(number)
  }
}

extension Trial {
  /// - Throws: `stale` where it has another revision than the one given.
  fileprivate func check(revision: Int?) throws(StudyError) {
    if let revision, revision != self.revision {
      throw StudyError(
        .revisionConflict, "Trial \(number) has revision \(self.revision) by now, not \(revision).",
        trial: withoutSecret)
    }
  }

  /// Its state in words.
  fileprivate var standing: String { excludedAt == nil ? state.rawValue : "excluded" }
}
