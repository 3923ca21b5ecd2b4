import TuningModel

extension StudySession {
  /// Computes suggestions again, each from the events that it saw; nothing is changed.
  ///
  /// Those that saw the same events are one run, as they were when they were made. Trials that a user enqueued were not
  /// suggested and are left out.
  func replay(_ numbers: [TrialNumber]?) async throws(StudyError) -> [TrialReplay] {
    let study = try await step { session throws(StudyError) in try session.known.roster.stored }
    let suggested = try await storedTrials(numbers, of: study).filter { $0.origin.tuner != SuggestionOrigin.enqueued }
    let runs = Dictionary(grouping: suggested, by: RunKey.init)
    var fold = try await emptyFold(of: study)
    var trialCount = 0
    var replays: [TrialReplay] = []
    for (key, trials) in runs.sorted(by: { $0.key.history < $1.key.history }) {
      let history = key.history
      guard (0...study.lastSequence).contains(history) else {
        replays += trials.map { TrialReplay($0, failed: "The log has no event \(history), which its origin names.") }
        continue
      }
      while fold.sequence < history {
        let events = try await events(of: study, after: fold.sequence, to: history)
        trialCount = max(trialCount, events.compactMap(\.trial).max() ?? 0)
        fold = await observing(events, fold)
      }
      var seen = study
      seen.lastSequence = history
      let run = SuggestionRun(seen, tuner: fold.tuner, from: trialCount + 1, fixing: key.fixed)
      replays += await pool.run(.ahead) { run.replays(of: trials) }
    }
    return replays.sorted { $0.number < $1.number }
  }

  /// The trials of these numbers, or all.
  private func storedTrials(_ numbers: [TrialNumber]?, of study: StoredStudy) async throws(StudyError) -> [Trial] {
    var trials: [Trial] = []
    if let numbers {
      for number in Set(numbers).sorted() {
        guard let trial = try await store.trial(number, of: study) else { throw .noTrial(number, in: name) }
        trials.append(trial)
      }
      return trials
    }
    while true {
      let page = try await store.trials(of: study, state: nil, after: trials.last?.number ?? 0, limit: 1_000)
      if page.isEmpty { return trials }
      trials += page
    }
  }
}

/// What the suggestions of one run have in common.
private struct RunKey: Hashable {
  var history: Int
  var fixed: Parameters

  init(_ trial: Trial) {
    history = trial.origin.history
    fixed = trial.parameters.filter { trial.origin.fixed.contains($0.key) }
  }
}

extension RecordedEvent {
  /// The trial that it happened to.
  fileprivate var trial: TrialNumber? {
    if case .trial(let event) = event { event.trial } else { nil }
  }
}

extension SuggestionRun {
  /// The run's suggestions beside those that are stored of it.
  fileprivate func replays(of trials: [Trial]) -> [TrialReplay] {
    let encoding = UnitCubeEncoding(study.original.space)
    let first = next
    var run = self
    var computed: [Suggestion] = []
    do throws(StudyError) {
      computed = try run.advance(max(0, (trials.map(\.number).max() ?? 0) - first + 1))
    } catch {
      return trials.map { TrialReplay($0, failed: error.message) }
    }
    return trials.map { trial in
      let index = trial.number - first
      if index < 0 { return TrialReplay(trial, failed: "Its origin names an event after its own start.") }
      if index >= computed.count { return TrialReplay(trial, failed: "The tuner has no point left to propose.") }
      return TrialReplay(trial, with: computed[index], in: encoding)
    }
  }
}
