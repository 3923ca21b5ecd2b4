import TuningModel

extension StudySession {
  /// Adds trials in one commit: to be tried next, or as results from elsewhere.
  ///
  /// What waits comes before what the tuner proposes. The suggestions that are ready were for these numbers, so they are
  /// of no use any more.
  func enqueue(_ trials: [EnqueuedTrial]) async throws(StudyError) -> [Trial] {
    try await step { session throws(StudyError) in
      var draft = try session.draft()
      let added = try draft.added(trials, try session.oracleCheck)
      let numbers = added.map { trial in draft.enqueue(trial) }
      let answer = numbers.compactMap(draft.trial)
      try await session.commit(draft, answering: .enqueued(answer))
      session.noteResult()
      return answer
    }
  }
}

extension Draft {
  /// A trial to be added, checked.
  fileprivate struct Addition {
    var parameters: Parameters
    var ending: Ending?
    var measurements: [Measurement]
  }

  /// The trials with their values as the space writes them.
  ///
  /// - Throws: `invalid` with every mistake.
  fileprivate func added(_ trials: [EnqueuedTrial], _ check: OracleCheck) throws(StudyError) -> [Addition] {
    let space = roster.stored.original.space
    if !(1...StudyOperationLimits.trialsAtOnce).contains(trials.count) {
      throw .invalid("/trials", "Must have 1 to \(StudyOperationLimits.trialsAtOnce) trials, not \(trials.count).")
    }
    if trials.count * space.dimension > StudyOperationLimits.valuesAtOnce {
      throw .invalid("/trials", "Has more than \(StudyOperationLimits.valuesAtOnce) values; add fewer at a time.")
    }
    if trials.reduce(0, { $0 + $1.measurements.count }) > StudyOperationLimits.reportsAtOnce {
      throw .invalid(
        "/trials", "Has more than \(StudyOperationLimits.reportsAtOnce) measurements; add fewer at a time.")
    }
    var additions: [Addition] = []
    var mistakes: [InputMistake] = []
    for (index, trial) in trials.enumerated() {
      do throws(StudyError) {
        let parameters: Parameters
        do throws(InvalidInput) {
          parameters = try JSONReader.read(trial.parameters.json, at: "/trials/\(index)/parameters") {
            space.values(reading: $0)
          }
        } catch {
          throw StudyError(error)
        }
        additions.append(
          Addition(
            parameters: parameters,
            ending: try trial.outcome.map { outcome throws(StudyError) in
              do throws(StudyError) {
                let ending = try Ending(check.completed(outcome, of: nil, nil), of: roster.study.definition)
                try ending.measurement?.checkCheckpoint()
                return ending
              } catch {
                throw error.at("/trials/\(index)")
              }
            }, measurements: try trial.checkedMeasurements(at: "/trials/\(index)")))
      } catch {
        mistakes += error.mistakes
      }
    }
    if !mistakes.isEmpty { throw StudyError(InvalidInput(mistakes)) }
    return additions
  }

  /// Adds a trial and answers with its number.
  fileprivate mutating func enqueue(_ addition: Addition) -> TrialNumber {
    let number = roster.trialCount + 1
    let origin = SuggestionOrigin(tuner: SuggestionOrigin.enqueued, history: roster.stored.lastSequence)
    let trial = record(
      .enqueued(Suggestion(addition.parameters, origin: origin)),
      Trial(
        number: number, state: .waiting, parameters: addition.parameters, origin: origin, attempt: 0, createdAt: now,
        startedAt: now))
    // They belong to no attempt, since it was handed out nowhere.
    for measurement in addition.measurements {
      record(.reported(TrialReport(measurement, attempt: 0)), of: number)
    }
    if let ending = addition.ending { finish(trial, ending) }
    return number
  }
}

extension EnqueuedTrial {
  /// The measurements as they are kept.
  ///
  /// - Throws: `invalid` where there are some of a trial that is to be tried, or their steps do not increase.
  fileprivate func checkedMeasurements(at pointer: String) throws(StudyError) -> [Measurement] {
    if outcome == nil && !measurements.isEmpty {
      throw .invalid("\(pointer)/measurements", "Only a result from elsewhere has measurements.")
    }
    var checked: [Measurement] = []
    for (index, measurement) in measurements.enumerated() {
      do throws(StudyError) {
        checked.append(try measurement.checkedAsReport())
      } catch {
        throw error.at("\(pointer)/measurements/\(index)")
      }
      if index > 0, let step = measurement.step, let last = measurements[index - 1].step, step <= last {
        throw .invalid("\(pointer)/measurements/\(index)/step", "Must be above \(last), the step before it.")
      }
    }
    return checked
  }
}
