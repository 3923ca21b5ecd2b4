import SQLiteStorage
import StudyOperations
import Testing
import TuningModel

/// The tuner `digest` notices every event, so a replay that folds one too many or too few gives another point.
@Suite("Replay", .timeLimit(.minutes(1)))
struct ReplayTests {
  let bench: Bench

  init() async throws { bench = try await Bench() }

  /// Parallel workers whose trials complete, fail, are infeasible or are given back, one by one and several at a time.
  private func work(_ study: String, trials: Int) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 0..<5 {
        group.addTask {
          let request = AskRequest(count: worker == 4 ? 3 : 1, worker: "w\(worker)")
          while true {
            let asked = try await bench.service.ask(study, request).trials
            if asked.isEmpty || asked[0].number > trials { return }
            for trial in asked { try await end(trial, of: study) }
          }
        }
      }
      try await group.waitForAll()
    }
  }

  private func end(_ trial: Trial, of study: String) async throws {
    let token = trial.lease?.token
    switch trial.number % 7 {
    case 0: _ = try await bench.service.tell(study, trial.number, TrialResult(.failed(reason: "x"), leaseToken: token))
    case 1 where trial.attempt == 1:
      _ = try await bench.service.requeue(study, trial.number, leaseToken: token, reason: nil)
    case 2: _ = try await bench.service.tell(study, trial.number, TrialResult(.infeasible(reason: nil)))
    default:
      let loss = Double(trial.number % 11)
      _ = try await bench.service.tell(study, trial.number, .metrics(["loss": loss], leaseToken: token))
    }
  }

  @Test("Every suggestion of a busy study is computed again as it was", arguments: [0, 5, 2_000])
  func exact(maxWait: Int) async throws {
    try await bench.create(defaultValue: 42, maxWait: maxWait)
    if maxWait < 1_000 {
      // With every look at the clock the longest wait is over, and the suggestions that are ready cannot be renewed.
      bench.clock.tick(seconds: 0.005)
      let first = try await bench.service.ask("s", AskRequest(count: 3, worker: "w0")).trials
      await bench.service.settle()
      try await bench.whilePoolIsBusy {
        for trial in first { try await end(trial, of: "s") }
        _ = try await bench.service.ask("s", AskRequest(count: 3, worker: "w0"))
      }
      #expect(try await bench.olderModels("s") == 2)
    }
    try await work("s", trials: 80)
    let replays = try await bench.service.replay("s")
    #expect(replays.count > 80)
    #expect(replays.map(\.number) == Array(1...replays.count))
    #expect(replays.filter { $0.outcome != .equal } == [])
    // Suggestions were prepared: some are older than what had happened before them.
    let events = try await bench.service.events("s", after: 0, limit: 1_000)
    let aheads = zip(events, events.dropFirst()).filter { before, recorded in
      guard case .trial(let event) = recorded.event, case .started(let suggestion, let worker, attempt: 1) = event.kind
      else { return false }
      // Trials that one ask hands out have one history between them: only the first of them counts.
      if case .trial(let event) = before.event, case .started(_, worker, _) = event.kind { return false }
      return suggestion.origin.history < recorded.sequence - 1
    }
    #expect(!aheads.isEmpty)
    let again = try await bench.afterCrash()
    #expect(try await again.service.replay("s") == replays)
  }

  @Test("A reproducible study is replayed too, and some trials alone")
  func some() async throws {
    try await bench.create(reproducible: true)
    try await work("s", trials: 30)
    #expect(try await bench.service.replay("s").allSatisfy { $0.outcome == .equal })
    let some = try await bench.service.replay("s", trials: [7, 3, 7])
    #expect(some.map(\.number) == [3, 7] && some.allSatisfy { $0.outcome == .equal })
    #expect(await bench.code { _ = try await $0.replay("s", trials: [1_000]) } == .trialNotFound)
  }

  @Test("A trial that was tampered with is reported, and no other")
  func tampered() async throws {
    try await bench.create()
    try await work("s", trials: 20)
    let before = try await bench.service.trial("s", 9).parameters
    guard case .int(let x)? = before["x"] else { return }
    try await bench.store.execute(
      "UPDATE trials SET parameters = '{\"x\":\(x == 100 ? 1 : x + 1)}' WHERE number = 9")
    try await bench.store.execute(
      #"UPDATE trials SET origin = json_set(origin, '$.history', 100000) WHERE number = 11"#)
    let others = try await bench.service.replay("s").filter { $0.outcome != .equal }
    #expect(others.map(\.number) == [9, 11])
    guard case .differs(let difference)? = others.first?.outcome, case .failed? = others.last?.outcome else {
      Issue.record("\(others)")
      return
    }
    #expect(difference > 0 && difference <= 1)
  }

  @Test("A tuner that has no further point to propose is replayed up to its last")
  func exhausted() async throws {
    try await bench.create(tuner: "ladder", high: 5)
    _ = try await bench.service.ask("s", AskRequest(count: 8))
    let replays = try await bench.service.replay("s")
    #expect(replays.count == 5 && replays.allSatisfy { $0.outcome == .equal })
  }

  @Test("A tuner without a model predicts nothing")
  func noModel() async throws {
    try await bench.create()
    let error = await #expect(throws: StudyError.self) { try await bench.service.predict("s", at: [["x": .int(3)]]) }
    #expect(error?.code == .unsupported)
    #expect(error?.message.contains("digest") == true)
  }
}
