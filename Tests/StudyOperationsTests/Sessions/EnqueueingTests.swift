import StudyOperations
import Testing
import TuningModel

@Suite("Enqueueing", .timeLimit(.minutes(1)))
struct EnqueueingTests {
  let bench: Bench

  init() async throws { bench = try await Bench() }

  private func enqueue(_ values: Int..., loss: Double? = nil) async throws -> [Trial] {
    try await bench.service.enqueue(
      "s", values.map { EnqueuedTrial(["x": .int($0)], outcome: loss.map { .completed(Measurement(["loss": $0])) }) })
  }

  @Test("Enqueued trials come before what the tuner proposes, in their order")
  func order() async throws {
    try await bench.create()
    _ = try await bench.ask()
    await bench.service.settle()
    let added = try await enqueue(7, 9)
    #expect(added.map(\.number) == [2, 3] && added.map(\.state) == [.waiting, .waiting])
    #expect(added.map(\.attempt) == [0, 0] && added.map(\.origin.tuner) == ["user", "user"])
    let asked = try await bench.service.ask("s", AskRequest(count: 3)).trials
    #expect(asked.map(\.number) == [2, 3, 4])
    #expect(asked.prefix(2).map(\.parameters) == [["x": .int(7)], ["x": .int(9)]])
    #expect(asked.map(\.attempt) == [1, 1, 1] && asked[2].origin.tuner == "digest")
  }

  @Test("They count against the budget once they are handed out, and not before")
  func budget() async throws {
    try await bench.create(budget: Budget(maxTrials: 2))
    _ = try await enqueue(1, 2, 3)
    let first = try await bench.service.ask("s", AskRequest(count: 3))
    #expect(first.trials.map(\.number) == [1, 2] && first.shortfall == .budgetReserved)
    for trial in first.trials { try await bench.tell(trial.number) }
    let over = try await bench.service.ask("s", AskRequest())
    #expect(over.trials.isEmpty && over.shortfall == .finished)
    _ = try await bench.service.update("s", StudyPatch(budget: Budget(maxTrials: 3)), revision: nil)
    #expect(try await bench.ask().number == 3)
  }

  @Test("What was given back is paid for, though other trials wait")
  func givenBack() async throws {
    try await bench.create(budget: Budget(maxTrials: 1))
    _ = try await bench.ask()
    _ = try await enqueue(5)
    _ = try await bench.service.requeue("s", 1, leaseToken: nil, reason: nil)
    #expect(try await bench.service.ask("s", AskRequest(count: 2)).trials.map(\.number) == [1])
  }

  @Test("Results from elsewhere are trials that no budget pays for, also after a restart")
  func results() async throws {
    try await bench.create(budget: Budget(maxTrials: 1))
    let added = try await enqueue(3, 4, loss: 0.5)
    #expect(added.map(\.state) == [.completed, .completed] && added.allSatisfy { $0.finishedAt != nil })
    #expect(try await bench.service.best("s")?.number == 1)
    let next = try await bench.restarted()
    let asked = try await next.service.ask("s", AskRequest(count: 2))
    #expect(asked.trials.map(\.number) == [3])
    #expect(try await next.service.study("s").counts == [.completed: 2, .running: 1])
  }

  @Test("A result from elsewhere brings its intermediate measurements, also after a restart")
  func measurements() async throws {
    try await bench.create()
    let course = [Measurement(["loss": 3], step: 1), Measurement(["loss": 2], step: 4)]
    let outcomes: [TrialResult.Outcome] = [
      .completed(Measurement(["loss": 1])), .pruned(reason: nil, nil), .failed(reason: nil), .infeasible(reason: nil),
    ]
    _ = try await bench.service.enqueue(
      "s", outcomes.map { EnqueuedTrial(["x": .int(1)], outcome: $0, measurements: course) })
    let next = try await bench.restarted()
    for number in 1...4 { #expect(try await next.service.trial("s", number).measurements == course) }
    #expect(try await next.service.replay("s").isEmpty)
  }

  @Test("Measurements are refused whose steps do not increase, and those of a trial that is to be tried")
  func wrongMeasurements() async throws {
    try await bench.create()
    func pointers(_ outcome: TrialResult.Outcome?, _ steps: Int...) async -> [String]? {
      let measurements = steps.map { Measurement(["loss": 1], step: $0) }
      let trial = EnqueuedTrial(["x": .int(1)], outcome: outcome, measurements: measurements)
      let error = await #expect(throws: StudyError.self) { try await bench.service.enqueue("s", [trial]) }
      return error?.mistakes.map(\.pointer)
    }
    #expect(await pointers(.failed(reason: nil), 2, 2) == ["/trials/0/measurements/1/step"])
    #expect(await pointers(.failed(reason: nil), -1) == ["/trials/0/measurements/0/step"])
    #expect(await pointers(nil, 1) == ["/trials/0/measurements"])
    #expect(try await bench.service.study("s").counts.isEmpty)
  }

  @Test("The tuner learns of them, and every suggestion is computed again as it was")
  func replay() async throws {
    try await bench.create()
    _ = try await bench.ask()
    let before = try await bench.afterCrash()
    _ = try await enqueue(3, loss: 0.5)
    _ = try await enqueue(8)
    let asked = try await bench.service.ask("s", AskRequest(count: 3)).trials
    #expect(asked.map(\.number) == [3, 4, 5])
    let other = try await before.service.ask("s", AskRequest(count: 4)).trials
    #expect(asked[1].parameters != other[2].parameters)
    let replays = try await bench.service.replay("s")
    #expect(replays.map(\.number) == [1, 4, 5])
    #expect(replays.allSatisfy { $0.outcome == .equal })
  }

  @Test("Where one is not of the space, none is added, and every mistake has a pointer")
  func refusals() async throws {
    try await bench.create(high: 10)
    let trials = [
      EnqueuedTrial(["x": .int(1)]), EnqueuedTrial(["x": .int(99)]),
      EnqueuedTrial(["x": .int(2)], outcome: .completed(Measurement(["cost": 1]))), EnqueuedTrial(["y": .int(1)]),
    ]
    let error = await #expect(throws: StudyError.self) { try await bench.service.enqueue("s", trials) }
    let pointers = Set(error?.mistakes.map(\.pointer) ?? [])
    #expect(pointers.isSuperset(of: ["/trials/1/parameters/x", "/trials/2/metrics/loss", "/trials/3/parameters/y"]))
    #expect(try await bench.service.study("s").counts.isEmpty)
    #expect(await bench.code { _ = try await $0.enqueue("s", []) } == .invalid)
  }

  @Test("A study whose tuner has no further point still hands out what is enqueued")
  func exhausted() async throws {
    try await bench.create(tuner: "ladder", high: 1)
    _ = try await bench.ask()
    #expect(try await bench.service.ask("s", AskRequest()).shortfall == .spaceExhausted)
    _ = try await enqueue(1)
    #expect(try await bench.ask().number == 2)
  }
}
