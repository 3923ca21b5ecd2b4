import SQLiteStorage
import StudyOperations
import TuningModel

/// Studies, trials and changes as a session would make them.
enum Fixture {
  static func study(_ name: String = "s") throws -> Study {
    let space = try SearchSpace([
      Parameter("lr", .float(FloatDomain(1e-5, 1, scale: .log))), Parameter("layers", .int(IntDomain(1, 8))),
      Parameter("amp", .bool), Parameter("optimizer", .categorical([.string("sgd"), .string("ädam"), .int(3)])),
      Parameter("w", .float(FloatDomain(-1, 1, size: 3))),
      Parameter("momentum", .float(FloatDomain(0, 1)), when: Condition("optimizer", isOneOf: [.string("sgd")])),
    ])
    let definition = try StudyDefinition(
      name, space: space, objectives: [Objective("loss", .minimise)], labels: ["team": "vision"])
    return Study(
      definition: definition, seed: 9_007_199_254_740_991, tunerName: "t",
      createdAt: Timestamp(milliseconds: 1_700_000_000_123))
  }

  static let parameters: Parameters = [
    "lr": .float(1), "layers": .int(3), "amp": .bool(true), "optimizer": .string("ädam"),
    "w": .vector([0.1, -0.30000000000000004, 1]),
  ]

  static func trial(_ number: TrialNumber, state: TrialState = .running) -> Trial {
    let now = Timestamp(milliseconds: 1_700_000_001_000 + Int64(number))
    let lease = Lease(token: "00ff", expiresAt: now.advanced(bySeconds: 60))
    return Trial(
      number: number, state: state, parameters: parameters,
      origin: SuggestionOrigin(
        tuner: "t", history: number, pending: [1, 2], fixed: ["x"], details: ["length": [0.1, 1e-300]]),
      measurement: state == .completed ? Measurement(["loss": 1]) : nil, worker: "w",
      lease: state == .running ? lease : nil, createdAt: now, startedAt: now, finishedAt: state.isFinal ? now : nil)
  }

  /// A change that starts trials after those before.
  static func start(_ numbers: ClosedRange<Int>, of study: StoredStudy, after sequence: Int) -> StudyChange {
    change(study, after: sequence, numbers.map { trial($0) }) { trial in
      .started(Suggestion(trial.parameters, origin: trial.origin), worker: trial.worker, attempt: 1)
    }
  }

  /// A change with one event for each trial.
  static func change(
    _ study: StoredStudy, after sequence: Int, _ trials: [Trial], _ kind: (Trial) -> TrialEvent.Kind
  ) -> StudyChange {
    let events = trials.enumerated().map { index, trial in
      RecordedEvent(
        sequence: sequence + 1 + index, at: trial.startedAt, event: .trial(TrialEvent(trial.number, kind(trial))))
    }
    return StudyChange(study: study.id, expectedSequence: sequence, events: events, trials: trials)
  }

  /// A database of the first version of the schema, to be filled.
  ///
  /// This version notes who creates a study, for which the first had no place; the note ends with the connection.
  static func openFirstVersion(_ path: String) async throws -> SQLiteStudyStore {
    let store = try await SQLiteStudyStore.open(path, migrations: [Migration.all[0]])
    try await store.execute("CREATE TEMP TABLE audit (number, at, action, subject, caller, token, request)")
    return store
  }

  static func code(_ body: () async throws -> Void) async -> StudyError.Code? {
    do { try await body() } catch { return (error as? StudyError)?.code }
    return nil
  }
}
