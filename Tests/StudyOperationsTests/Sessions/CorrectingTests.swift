import StudyOperations
import Testing
import TuningModel

@Suite("Corrections and exclusions", .timeLimit(.minutes(1)))
struct CorrectingTests {
  let bench: Bench

  init() async throws { bench = try await Bench() }

  private func correct(_ number: TrialNumber, _ loss: Double, revision: Int? = nil) async throws -> Trial {
    try await bench.service.correct("s", number, .completed(Measurement(["loss": loss])), revision: revision)
  }

  /// A study with three completed trials, the second the best.
  private func work() async throws {
    try await bench.create()
    for loss in [2.0, 1, 3] { try await bench.tell(try await bench.ask().number, loss) }
  }

  @Test("A correction replaces the end of a trial, for the best one and the counts too")
  func corrects() async throws {
    try await work()
    let before = try await bench.service.trial("s", 2)
    let corrected = try await correct(2, 9)
    #expect(corrected.measurement?.metrics == ["loss": 9] && corrected.revision == before.revision + 1)
    #expect(corrected.finishedAt == before.finishedAt)
    #expect(try await bench.service.trial("s", 2) == corrected)
    #expect(try await bench.service.best("s")?.number == 1)
    let failed = try await bench.service.correct("s", 1, .failed(reason: "wrong data"), revision: nil)
    #expect(failed.state == .failed && failed.reason == "wrong data" && failed.measurement == nil)
    #expect(try await bench.service.best("s")?.number == 3)
    #expect(try await bench.service.study("s").counts == [.completed: 2, .failed: 1])
    let next = try await bench.restarted()
    #expect(try await next.service.study("s").counts == [.completed: 2, .failed: 1])
  }

  @Test("A correction that says what is stored leaves no trace")
  func sameAgain() async throws {
    try await work()
    let first = try await correct(1, 5)
    #expect(try await correct(1, 5) == first)
    #expect(try await bench.service.events("s", after: 0, limit: 99).count == 7)
  }

  @Test("What was suggested before a correction is computed again as it was, and the tuner goes by it afterwards")
  func replay() async throws {
    try await work()
    _ = try await bench.ask()
    let before = try await bench.afterCrash()
    _ = try await correct(2, 9)
    _ = try await bench.service.exclude("s", 3, revision: nil)
    let after = try await bench.ask()
    #expect(after.parameters != (try await before.ask().parameters))
    let replays = try await bench.service.replay("s")
    #expect(replays.map(\.number) == [1, 2, 3, 4, 5])
    #expect(replays.allSatisfy { $0.outcome == .equal })
    let restarted = try await bench.restarted()
    #expect(try await restarted.service.replay("s").allSatisfy { $0.outcome == .equal })
  }

  @Test("Suggestions that were ready or under way when a trial was corrected are not handed out")
  func dropsSuggestions() async throws {
    let gate = Gate("corrected")
    try await bench.create("corrected", tuner: "gated", maxWait: 0)
    gate.open(1)
    _ = try await bench.ask(study: "corrected")
    await gate.arrival()
    await gate.arrival()
    try await bench.tell(1, study: "corrected")
    // One is being computed that does not know the correction; with no wait at all it would be taken.
    let passed = gate.passed
    _ = try await bench.service.correct("corrected", 1, .completed(Measurement(["loss": 4])), revision: nil)
    gate.open(9)
    let next = try await bench.ask(study: "corrected")
    let sequence = try await bench.service.events("corrected", after: 0, limit: 99).last { event in
      if case .trial(let event) = event.event, case .corrected = event.kind { true } else { false }
    }?.sequence
    #expect(next.origin.history >= sequence ?? .max)
    #expect(gate.passed > passed)
  }

  @Test("An excluded trial stays in the record and is no candidate for the best")
  func excludes() async throws {
    try await work()
    let excluded = try await bench.service.exclude("s", 2, revision: nil)
    #expect(excluded.excludedAt == bench.clock.now && excluded.measurement?.metrics == ["loss": 1])
    #expect(try await bench.service.trial("s", 2) == excluded)
    #expect(try await bench.service.best("s")?.number == 1)
    #expect(try await bench.service.exclude("s", 2, revision: nil) == excluded)
    #expect(await bench.code { _ = try await $0.correct("s", 2, .failed(reason: nil), revision: nil) } == .trialState)
    #expect(try await bench.service.history("s").improvements.map(\.trial) == [1])
  }

  @Test("A trial that waits is ended by its exclusion; one that is held is not excluded")
  func unfinished() async throws {
    try await bench.create(budget: Budget(maxTrials: 2))
    _ = try await bench.service.enqueue("s", [EnqueuedTrial(["x": .int(1)]), EnqueuedTrial(["x": .int(2)])])
    let excluded = try await bench.service.exclude("s", 1, revision: nil)
    #expect(excluded.state == .failed && excluded.excludedAt != nil)
    #expect(try await bench.ask().number == 2)
    #expect(await bench.code { _ = try await $0.exclude("s", 2, revision: nil) } == .trialState)
    #expect(await bench.code { _ = try await $0.correct("s", 2, .failed(reason: nil), revision: nil) } == .trialState)
    #expect(await bench.code { _ = try await $0.exclude("s", 9, revision: nil) } == .trialNotFound)
    // What was never handed out took nothing of the budget.
    #expect(try await bench.ask().number == 3)
  }

  @Test("With another revision nothing is changed")
  func revisions() async throws {
    try await work()
    let trial = try await bench.service.trial("s", 1)
    _ = try await correct(1, 7, revision: trial.revision)
    let error = await #expect(throws: StudyError.self) { try await correct(1, 8, revision: trial.revision) }
    #expect(error?.code == .revisionConflict && error?.code.rawValue == "stale")
    #expect(
      await bench.code { _ = try await $0.exclude("s", 1, revision: trial.revision) } == .revisionConflict)
    #expect(try await bench.service.trial("s", 1).measurement?.metrics == ["loss": 7])
  }

  @Test("A correction is an event that the log gives back")
  func event() async throws {
    try await work()
    _ = try await bench.service.correct("s", 1, .completed(Measurement(["loss": .infinity])), revision: nil)
    _ = try await bench.service.exclude("s", 2, revision: nil)
    let events = try await bench.service.events("s", after: 6, limit: 9).map(\.event)
    let correction = TrialCorrection(
      .infeasible, reason: TrialReason.notFinite, measurement: Measurement(["loss": .infinity]))
    #expect(
      events == [.trial(TrialEvent(1, .corrected(correction))), .trial(TrialEvent(2, .excluded))])
  }
}
