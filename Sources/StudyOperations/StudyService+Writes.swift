public import TuningModel

extension StudyService {
  /// Takes several final results, all or none; those told before are confirmed.
  ///
  /// - Throws: `invalid` where a trial is named twice; what telling one of them alone would fail with, with its place.
  public func tell(_ study: String, _ results: [ToldResult]) async throws(StudyError) -> [Trial] {
    try results.check()
    return try await session(study) { session throws(StudyError) in try await session.tell(results) }
  }

  /// Adds trials: to be tried next, in their order, or as finished results from elsewhere.
  ///
  /// Those to be tried come before what the tuner proposes and count against the budget once they are handed out. Results
  /// from elsewhere teach the tuner; no budget pays for them.
  public func enqueue(_ study: String, _ trials: [EnqueuedTrial]) async throws(StudyError) -> [Trial] {
    try await session(study) { session throws(StudyError) in try await session.enqueue(trials) }
  }

  /// Corrects how a finished trial ended; with `revision`, only if the trial still has that revision.
  ///
  /// The tuner goes by the correction from then on; suggestions made before keep what they rested on.
  public func correct(
    _ study: String, _ trial: TrialNumber, _ outcome: TrialResult.Outcome, revision: Int?
  ) async throws(StudyError) -> Trial {
    try await session(study) { session throws(StudyError) in
      try await session.correct(trial, outcome, revision: revision)
    }
  }

  /// Takes a trial out of what the study goes by; with `revision`, only if the trial still has that revision.
  ///
  /// It stays in the record, and counts against the budget as before. One that waits ends as failed.
  public func exclude(_ study: String, _ trial: TrialNumber, revision: Int?) async throws(StudyError) -> Trial {
    try await session(study) { session throws(StudyError) in try await session.exclude(trial, revision: revision) }
  }
}

extension [ToldResult] {
  /// - Throws: `invalid` where there are none, too many, or two for one trial.
  fileprivate func check() throws(StudyError) {
    if !(1...StudyOperationLimits.trialsAtOnce).contains(count) {
      throw .invalid("/results", "Must have 1 to \(StudyOperationLimits.trialsAtOnce) results, not \(count).")
    }
    var seen: Set<TrialNumber> = []
    var mistakes: [InputMistake] = []
    for (index, told) in enumerated() where !seen.insert(told.trial).inserted {
      mistakes.append(InputMistake(pointer: "/results/\(index)/number", detail: "Trial \(told.trial) is named twice."))
    }
    if !mistakes.isEmpty { throw StudyError(InvalidInput(mistakes)) }
  }
}
