import TuningModel

/// Holds a told result against the request of its trial, and adds what the tuner makes of an oracle's answer.
struct OracleCheck {
  let study: StudyDefinition
  let tuner: any Tuner

  /// The outcome with the interval of its objective, and with the objective itself where only the oracle was told.
  ///
  /// - Parameter number: the trial's, for messages; `nil` for one that is only being added.
  /// - Throws: `invalid` where an answer is missing, not asked for, or not acceptable.
  func completed(
    _ outcome: TrialResult.Outcome, of number: TrialNumber?, _ request: OracleRequest?
  ) throws(StudyError) -> TrialResult.Outcome {
    switch outcome {
    case .completed(let told): return .completed(try completed(told, of: number, request))
    case .pruned(_, let told?) where told.oracle != nil:
      throw .invalid("/oracle", "Belongs to a completed trial; one that was stopped early has no answer.")
    case .pruned, .failed, .infeasible: return outcome
    }
  }

  private func completed(
    _ told: Measurement, of number: TrialNumber?, _ request: OracleRequest?
  ) throws(StudyError) -> Measurement {
    let name = number.map { "Trial \($0)" } ?? "A trial that is added"
    guard let request else {
      if told.oracle == nil { return told }
      throw .invalid("/oracle", "\(name) has no request, so its result is metrics alone.")
    }
    guard let answer = told.oracle else {
      let needs = request.needs.map(\.rawValue).joined(separator: ", ")
      throw .invalid("/oracle", "Is missing; the request of \(name.lowercased()) needs \(needs).")
    }
    let mistakes = answer.mistakes(for: request, dimension: study.space.dimension)
    if !mistakes.isEmpty { throw StudyError(InvalidInput(mistakes)) }
    var completed = told
    completed.interval = tuner.interval(of: answer, to: request)
    if study.objectives.count == 1, completed.metrics[study.objectives[0].metric] == nil {
      // What a user reads as the value is one that the objective does not exceed, where that is known.
      completed.metrics[study.objectives[0].metric] = completed.interval?.up ?? answer.g
    }
    return completed
  }
}

extension StudySession {
  /// The check of results as the study stands.
  var oracleCheck: OracleCheck {
    get throws(StudyError) {
      let known = try known
      return OracleCheck(study: known.roster.study.definition, tuner: known.fold.tuner)
    }
  }
}
