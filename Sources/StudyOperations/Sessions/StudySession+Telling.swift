import TuningModel

extension StudySession {
  /// Takes a trial's final result, unless somebody else holds the trial; the same result again changes nothing.
  ///
  /// A result that has come is taken although its caller goes: nobody else has it.
  func tell(_ number: TrialNumber, _ result: TrialResult) async throws(StudyError) -> Trial {
    try await gather(result, of: number)
  }

  /// Takes a result into a change in the making; one that was told before leaves it as it is.
  func take(_ result: TrialResult, of number: TrialNumber, in draft: inout Draft) async throws(StudyError) -> Trial {
    guard let trial = draft.roster.open[number]?.trial else {
      if let told = draft.trial(number) { return try confirm(result, of: told) }
      return try confirm(result, of: try await finalTrial(number))
    }
    let outcome = try oracleCheck.completed(result.outcome, of: number, trial.request)
    let ending = try Ending(
      outcome, of: trial, in: draft.roster.study.definition,
      last: try known.fold.progress.lastMeasurement(of: number))
    try ending.check(ending: trial)
    try trial.checkRight(result.leaseToken, in: name)
    return draft.finish(trial, ending)
  }

  /// Answers a result that is told again.
  private func confirm(_ result: TrialResult, of trial: Trial) throws(StudyError) -> Trial {
    let outcome = try oracleCheck.completed(result.outcome, of: trial.number, trial.request)
    let study = try known.roster.study.definition
    let isSame =
      trial.state == .pruned ? try outcome.agrees(with: trial) : try Ending(outcome, of: study).matches(trial)
    if isSame { return trial }
    throw StudyError(
      .trialState,
      "Trial \(trial.number) of the study \"\(name)\" is \(trial.state.rawValue) already, with another result.",
      trial: trial)
  }
}
