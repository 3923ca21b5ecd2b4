import TuningModel

extension StudySession {
  /// Takes a trial's final result, unless somebody else holds the trial; the same result again changes nothing.
  ///
  /// A result that has come is taken although its caller goes: nobody else has it.
  func tell(_ number: TrialNumber, _ result: TrialResult) async throws(StudyError) -> Trial {
    try await step { session throws(StudyError) in try await session.take(result, of: number) }
  }

  private func take(_ result: TrialResult, of number: TrialNumber) async throws(StudyError) -> Trial {
    var draft = try draft()
    let ended = try await take(result, of: number, in: &draft)
    if draft.events.isEmpty { return ended }
    try await commit(draft, answering: .trial(ended))
    noteResult()
    return ended
  }

  /// Takes a result into a change in the making; one that was told before leaves it as it is.
  func take(_ result: TrialResult, of number: TrialNumber, in draft: inout Draft) async throws(StudyError) -> Trial {
    guard let trial = draft.roster.open[number]?.trial else {
      return try confirm(result, of: try await finalTrial(number))
    }
    let ending = try Ending(
      result.outcome, of: trial, in: draft.roster.study.definition,
      last: try known.fold.progress.lastMeasurement(of: number))
    try trial.checkRight(result.leaseToken, in: name)
    return draft.finish(trial, ending)
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
