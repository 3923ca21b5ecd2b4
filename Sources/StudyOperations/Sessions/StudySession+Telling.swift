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
    let ending = try Ending(result.outcome, of: try known.roster.study.definition)
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

  /// Answers a result that is told again.
  private func confirm(_ result: TrialResult, of trial: Trial) throws(StudyError) -> Trial {
    let ending = try Ending(result.outcome, of: try known.roster.study.definition)
    if ending.matches(trial) { return trial }
    throw StudyError(
      .trialState,
      "Trial \(trial.number) of the study \"\(name)\" is \(trial.state.rawValue) already, with another result.",
      trial: trial)
  }
}
