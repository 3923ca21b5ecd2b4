import TuningModel

extension StudySession {
  /// Takes a trial's final result, unless somebody else holds the trial; the same result again changes nothing.
  ///
  /// A result that has come is taken although its caller goes: nobody else has it.
  func tell(_ number: TrialNumber, _ result: TrialResult) async throws(StudyError) -> Trial {
    try await step { session throws(StudyError) in try await session.take(result, of: number) }
  }

  private func take(_ result: TrialResult, of number: TrialNumber) async throws(StudyError) -> Trial {
    guard let trial = try known.roster.open[number]?.trial else {
      return try confirm(result, of: try await finalTrial(number))
    }
    let ending = try Ending(
      result.outcome, of: trial, in: try known.roster.study.definition,
      last: try known.fold.progress.lastMeasurement(of: number))
    if let token = result.leaseToken, let lease = trial.lease, lease.token != token {
      throw StudyError(
        .leaseLost, "Somebody else holds trial \(number) of the study \"\(name)\" now.", trial: trial.withoutSecret)
    }
    var draft = try draft()
    let ended = draft.finish(trial, ending)
    try await commit(draft)
    noteResult()
    return ended
  }

  private func ending(of result: TrialResult) throws(StudyError) -> Ending {
    try Ending(result.outcome, of: try known.roster.study.definition)
  }

  /// Answers a result that is told again.
  private func confirm(_ result: TrialResult, of trial: Trial) throws(StudyError) -> Trial {
    if trial.state == .pruned ? try result.outcome.agrees(with: trial) : try ending(of: result).matches(trial) {
      return trial
    }
    throw StudyError(
      .trialState,
      "Trial \(trial.number) of the study \"\(name)\" is \(trial.state.rawValue) already, with another result.",
      trial: trial)
  }
}
