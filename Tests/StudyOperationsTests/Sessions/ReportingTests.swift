import SQLiteStorage
import StudyOperations
import Testing
import TuningModel

@Suite("Reporting", .timeLimit(.minutes(1)))
struct ReportingTests {
  let bench: Bench

  init() async throws { bench = try await Bench() }

  /// A study whose rule lets the best half go on at steps that double.
  private func create(budget: Budget = Budget(), tuner: String = "digest") async throws {
    try await bench.create(
      tuner: tuner, budget: budget, stopping: StoppingChoice("asha", options: ["reduction_factor": 2]))
  }

  @discardableResult
  private func report(
    _ trial: Trial, _ step: Int, _ loss: Double, checkpoint: String? = nil, on service: StudyService? = nil
  ) async throws -> Decision {
    try await (service ?? bench.service).report(
      "s", trial.number, Measurement(["loss": loss], step: step, checkpoint: checkpoint),
      leaseToken: trial.lease?.token ?? "")
  }

  private func error(_ body: () async throws -> Void) async -> StudyError? {
    do { try await body() } catch { return error as? StudyError }
    return nil
  }

  private func count() async throws -> Int { try await bench.service.events("s", after: 0, limit: 1_000).count }

  @Test("A measurement is an event with its decision, and is read on its trial")
  func recorded() async throws {
    try await create()
    let (a, b) = (try await bench.ask(), try await bench.ask())
    #expect(try await report(a, 1, 1, checkpoint: "c") == .continue)
    #expect(try await report(b, 1, 2) == .stop)
    let events = try await bench.service.events("s", after: 2, limit: 9).map(\.event)
    #expect(
      events == [
        .trial(TrialEvent(1, .reported(TrialReport(Measurement(["loss": 1], step: 1, checkpoint: "c"), attempt: 1)))),
        .trial(
          TrialEvent(2, .reported(TrialReport(Measurement(["loss": 2], step: 1), attempt: 1, decision: .stop)))),
      ])
    let read = try await bench.service.trial("s", 2)
    #expect(read.state == .stopping && read.reason == "stopped" && read.lease?.token == "")
    #expect(read.measurements == [Measurement(["loss": 2], step: 1)])
    #expect(try await bench.service.study("s").counts == [.running: 1, .stopping: 1])
  }

  @Test("A study without a rule never stops a trial")
  func noRule() async throws {
    try await bench.create()
    let trial = try await bench.ask()
    for step in 0..<5 { #expect(try await report(trial, step, .infinity) == .continue) }
  }

  @Test("The same report again is answered alike and recorded once, also for an earlier step and an ended trial")
  func repeated() async throws {
    try await create()
    let (a, b) = (try await bench.ask(), try await bench.ask())
    try await report(a, 1, .nan)
    try await report(a, 2, 5)
    try await report(b, 1, 1)
    #expect(try await report(b, 2, 6) == .stop)
    let before = try await count()
    #expect(try await report(a, 1, -.nan) == .continue)
    #expect(try await report(b, 1, 1) == .continue)
    #expect(try await report(b, 2, 6) == .stop)
    _ = try await bench.service.tell("s", b.number, TrialResult(.pruned(reason: nil, nil)))
    #expect(try await report(b, 2, 6) == .stop)
    #expect(try await count() == before + 1)
  }

  @Test(
    "Another measurement at the same step is a conflict, also in its checkpoint, and a step that is over is refused")
  func conflicts() async throws {
    try await create()
    let trial = try await bench.ask()
    try await report(trial, 1, 1)
    try await report(trial, 3, 1)
    for step in [1, 3] {
      let conflict = await error { try await report(trial, step, 2) }
      #expect(conflict?.code == .reportConflict)
      #expect(conflict?.trial?.measurements == [Measurement(["loss": 1], step: step)])
      #expect(await error { try await report(trial, step, 1, checkpoint: "c") }?.code == .reportConflict)
    }
    for step in [0, 2] {
      let over = await error { try await report(trial, step, 1) }
      #expect(over?.code == .invalid && over?.mistakes.map(\.pointer) == ["/step"])
    }
    #expect(try await count() == 3)
  }

  @Test(
    "A measurement that is not sound is refused with a pointer",
    arguments: [
      (Measurement([:], step: 1), "/metrics"), (Measurement(["a b": 1], step: 1), "/metrics/a b"),
      (Measurement(["loss": 1]), "/step"), (Measurement(["loss": 1], step: -1), "/step"),
      (Measurement(["loss": 1], step: .max), "/step"),
      (Measurement(["loss": 1], step: 1, standardErrors: ["loss": -1]), "/standard_errors/loss"),
      (Measurement(["loss": 1], step: 1, checkpoint: ""), "/checkpoint"),
      (Measurement(["loss": 1], step: 1, checkpoint: "a\nb"), "/checkpoint"),
      (Measurement(["loss": 1], step: 1, checkpoint: String(repeating: "x", count: 4_097)), "/checkpoint"),
    ])
  func unsound(measurement: Measurement, pointer: String) async throws {
    try await create()
    let trial = try await bench.ask()
    let refusal = await error {
      _ = try await bench.service.report("s", 1, measurement, leaseToken: trial.lease?.token ?? "")
    }
    #expect(refusal?.code == .invalid && refusal?.mistakes.map(\.pointer) == [pointer])
    #expect(try await count() == 1)
  }

  @Test("Only the holder of the lease reports, and every report renews it")
  func lease() async throws {
    try await create(budget: Budget(maxRetries: 0))
    let trial = try await bench.ask("w", seconds: 60)
    #expect(
      await bench.code { _ = try await $0.report("s", 1, Measurement(["loss": 1], step: 1), leaseToken: "x") }
        == .leaseLost)
    #expect(
      await bench.code { _ = try await $0.report("s", 9, Measurement(["loss": 1], step: 1), leaseToken: "x") }
        == .trialNotFound)
    for step in 1...5 {
      bench.clock.advance(seconds: 50)
      try await report(trial, step, 1)
    }
    bench.clock.advance(seconds: 50)
    try await report(trial, 5, 1)
    bench.clock.advance(seconds: 59)
    #expect(try await bench.service.trial("s", 1).state == .running)
    bench.clock.advance(seconds: 2)
    #expect(await error { try await report(trial, 6, 1) }?.code == .leaseLost)
    #expect(try await bench.service.trial("s", 1).state == .failed)
  }

  @Test("A report on a trial that waits, has ended, or was handed out again is refused")
  func otherStates() async throws {
    try await create()
    let (a, b) = (try await bench.ask(), try await bench.ask())
    _ = try await bench.service.requeue("s", 1, leaseToken: nil, reason: nil)
    #expect(await error { try await report(a, 1, 1) }?.code == .leaseLost)
    _ = try await bench.ask()
    #expect(await error { try await report(a, 1, 1) }?.code == .leaseLost)
    try await bench.tell(2)
    let ended = await error { try await report(b, 1, 1) }
    #expect(ended?.code == .trialState && ended?.trial?.state == .completed)
  }

  @Test("A trial that was told to stop goes on being told so")
  func stopping() async throws {
    try await create()
    let (a, b) = (try await bench.ask(), try await bench.ask())
    try await report(a, 1, 1)
    try await report(b, 1, 2)
    #expect(try await report(b, 2, -1e9) == .stop)
    #expect(try await bench.service.trial("s", 2).measurements.count == 2)
  }

  @Test(
    "Whatever is told of a trial that was told to stop, it is pruned, with its last measurement where none is told",
    arguments: [
      (TrialResult.Outcome.pruned(reason: nil, nil), "stopped", Measurement(["loss": 2], step: 1)),
      (.pruned(reason: "gone", Measurement(["loss": 7])), "gone", Measurement(["loss": 7])),
      (.completed(Measurement(["loss": 3], step: 4)), "stopped", Measurement(["loss": 3], step: 4)),
      (.failed(reason: "killed"), "killed", Measurement(["loss": 2], step: 1)),
      (.infeasible(reason: nil), "stopped", Measurement(["loss": 2], step: 1)),
    ])
  func told(outcome: TrialResult.Outcome, reason: String, measurement: Measurement) async throws {
    try await create()
    let (a, b) = (try await bench.ask(), try await bench.ask())
    try await report(a, 1, 1)
    try await report(b, 1, 2, checkpoint: "c")
    let ended = try await bench.service.tell("s", 2, TrialResult(outcome, leaseToken: b.lease?.token))
    #expect(ended.state == .pruned && ended.reason == reason && ended.measurement == measurement)
    #expect(ended.lease == nil && ended.finishedAt != nil)
    var stored = try await bench.service.trial("s", 2)
    stored.measurements = []
    #expect(stored == ended)
    #expect(try await bench.service.tell("s", 2, TrialResult(outcome, leaseToken: b.lease?.token)) == ended)
    #expect(await bench.code { _ = try await $0.tell("s", 2, .metrics(["loss": 99])) } == .trialState)
    #expect(try await bench.service.tell("s", 2, TrialResult(.pruned(reason: nil, nil))) == ended)
    #expect(try await bench.service.best("s") == nil)
  }

  @Test("A worker may prune a trial by itself; nothing is guessed where nothing was measured")
  func byWorker() async throws {
    try await create()
    let (a, b) = (try await bench.ask(), try await bench.ask())
    try await report(a, 1, 1)
    let pruned = try await bench.service.tell("s", 1, TrialResult(.pruned(reason: nil, nil)))
    #expect(pruned.state == .pruned && pruned.reason == "user")
    #expect(pruned.measurement == Measurement(["loss": 1], step: 1))
    let bare = try await bench.service.tell(
      "s", 2, TrialResult(.pruned(reason: "dull", nil), leaseToken: b.lease?.token))
    #expect(bare.state == .pruned && bare.measurement == nil)
    #expect(
      await bench.code { _ = try await $0.tell("s", 3, TrialResult(.pruned(reason: nil, nil))) } == .trialNotFound)
    let wrong = TrialResult(.pruned(reason: nil, Measurement(["a b": 1])))
    _ = try await bench.ask()
    #expect(await bench.code { _ = try await $0.tell("s", 3, wrong) } == .invalid)
  }

  @Test("A completed trial needs its metrics, whatever was reported")
  func metricsAreRequired() async throws {
    try await create()
    try await report(try await bench.ask(), 1, 1)
    let refusal = await error {
      _ = try await bench.service.tell("s", 1, TrialResult(.completed(Measurement([:]))))
    }
    #expect(refusal?.mistakes.map(\.pointer) == ["/metrics/loss"])
  }

  @Test("A trial that was told to stop and is lost or given back is pruned, not handed out again")
  func lostOrGivenBack() async throws {
    try await create()
    let first = try await bench.ask()
    try await report(first, 1, 1)
    for _ in 0..<2 {
      let trial = try await bench.ask("w", seconds: 10)
      #expect(try await report(trial, 1, 2) == .stop)
      if trial.number == 2 {
        bench.clock.advance(seconds: 11)
        await bench.service.sweep()
      } else {
        let ended = try await bench.service.requeue("s", trial.number, leaseToken: trial.lease?.token, reason: "x")
        #expect(ended.state == .pruned)
      }
      let ended = try await bench.service.trial("s", trial.number)
      #expect(ended.state == .pruned && ended.reason == "stopped" && ended.measurement?.metrics == ["loss": 2])
    }
    #expect(try await bench.ask().number == 4)
  }

  @Test("A worker that asks again gets its trial back though it was told to stop")
  func ownTrial() async throws {
    try await create()
    try await report(try await bench.ask(), 1, 1)
    let trial = try await bench.ask("w")
    try await report(trial, 1, 2)
    let again = try await bench.ask("w")
    #expect(again.number == trial.number && again.state == .stopping && again.lease?.token == trial.lease?.token)
  }

  @Test("Pruned trials and those told to stop count against the budget")
  func budget() async throws {
    try await create(budget: Budget(maxTrials: 3))
    for number in 1...3 { try await report(try await bench.ask(), 1, Double(number)) }
    #expect(try await bench.service.ask("s", AskRequest()).shortfall == .budgetReserved)
    for number in 2...3 { _ = try await bench.service.tell("s", number, TrialResult(.pruned(reason: nil, nil))) }
    try await bench.tell(1)
    #expect(try await bench.service.ask("s", AskRequest()).shortfall == .finished)
    #expect(try await bench.service.study("s").counts == [.completed: 1, .pruned: 2])
  }

  @Test("A new attempt may start anew, which replaces the measurements, or go on from where it was")
  func attempts() async throws {
    try await create()
    let trial = try await bench.ask()
    for step in 1...4 { try await report(trial, step, Double(step)) }
    _ = try await bench.service.requeue("s", 1, leaseToken: trial.lease?.token, reason: nil)
    let second = try await bench.ask()
    #expect(try await bench.service.trial("s", 1).measurements.map(\.step) == [1, 2, 3, 4])
    try await report(second, 3, 30)
    #expect(
      try await bench.service.trial("s", 1).measurements.map { $0.metrics["loss"] } == [1, 2, 30])
    _ = try await bench.service.requeue("s", 1, leaseToken: second.lease?.token, reason: nil)
    let third = try await bench.ask()
    try await report(third, 1, 100)
    #expect(try await bench.service.trial("s", 1).measurements.map { $0.metrics["loss"] } == [100])
    #expect(await error { try await report(third, 1, 1) }?.code == .reportConflict)
    let pruned = try await bench.service.tell(
      "s", 1, TrialResult(.pruned(reason: nil, nil), leaseToken: third.lease?.token))
    #expect(pruned.measurement?.metrics == ["loss": 100])
  }

  /// Trials that run side by side, with values that do not depend on the order of their reports.
  private func work(_ service: StudyService, _ trials: Int, from step: Int = 1, _ decisions: inout [String])
    async throws
  {
    let asked = try await service.ask("s", AskRequest(count: trials, worker: "w")).trials
    for step in step..<(step + 4) {
      for trial in asked {
        var random = RandomStream(seed: 3, trial: trial.number, purpose: .decision)
        let loss = Double.random(in: 0...1, using: &random) / Double(step)
        decisions.append("\(trial.number) \(step) \(try await report(trial, step, loss, on: service))")
      }
    }
  }

  @Test(
    "After a crash and after a restart the same decisions follow, and what was reported stays",
    arguments: [true, false])
  func restart(crash: Bool) async throws {
    try await create()
    var before: [String] = []
    try await work(bench.service, 9, &before)
    let next = crash ? try await bench.afterCrash() : try await bench.restarted()
    let reference = try await next.afterCrash()
    try await reference.store.execute("DELETE FROM snapshots")
    var (restored, folded): ([String], [String]) = ([], [])
    try await work(next.service, 9, from: 5, &restored)
    try await work(reference.service, 9, from: 5, &folded)
    #expect(restored == folded)
    #expect(before.contains { $0.hasSuffix("stop") } && before.contains { $0.hasSuffix("continue") })
    #expect(try await next.service.trial("s", 1).measurements.count == 8)
    // A report of before the restart is still known.
    let own = try #require(try await next.service.ask("s", AskRequest(worker: "w")).trials.first)
    let over = await error { try await report(own, 1, 1e6, on: next.service) }
    #expect(over?.code == .reportConflict)
  }

  @Test("Suggestions of a study with reports and pruned trials are computed again as they were")
  func replay() async throws {
    try await create()
    for number in 1...30 {
      let trial = try await bench.ask()
      for step in 1...3 where try await report(trial, step, Double((number * 7) % 11)) == .stop { break }
      let isStopping = try await bench.service.trial("s", number).state == .stopping
      let outcome: TrialResult.Outcome =
        isStopping ? .pruned(reason: nil, nil) : .completed(Measurement(["loss": Double(number)]))
      _ = try await bench.service.tell("s", number, TrialResult(outcome))
    }
    #expect(try await bench.service.study("s").counts[.pruned] ?? 0 > 5)
    #expect(try await bench.service.replay("s").filter { $0.outcome != .equal } == [])
  }

  @Test("A report alone makes no suggestion out of date")
  func readySuggestions() async throws {
    try await create()
    let trial = try await bench.ask()
    await bench.service.settle()
    let before = try await count()
    try await report(trial, 1, 1)
    #expect(try await bench.ask().origin.history <= before)
  }

  @Test("A list with measurements holds those of its trials")
  func list() async throws {
    try await create()
    for number in 1...4 {
      let trial = try await bench.ask()
      for step in 1...number { try await report(trial, step, 1 / Double(number)) }
    }
    let measured = TrialSelection(withMeasurements: true)
    let page = try await bench.service.trials("s", measured, PageRequest(size: 3))
    #expect(page.elements.map(\.measurements.count) == [1, 2, 3])
    let rest = try await bench.service.trials("s", measured, PageRequest(size: 3, token: page.nextToken))
    #expect(rest.elements.map(\.number) == [4])
    #expect(
      try await bench.service.trials("s", state: nil, PageRequest()).elements.allSatisfy { $0.measurements.isEmpty })
  }
}
