import StudyOperations
import Testing
import TuningModel

@Suite("Asking with fixed values", .timeLimit(.minutes(1)))
struct FixedValueTests {
  let bench: Bench

  init() async throws { bench = try await Bench() }

  private func ask(_ x: Int, _ worker: String? = nil, count: Int = 1) async throws -> [Trial] {
    try await bench.service.ask("s", AskRequest(count: count, worker: worker, fixed: ["x": .int(x)])).trials
  }

  @Test("New trials have the values, and their origins name them")
  func values() async throws {
    try await bench.create()
    let trials = try await ask(7, count: 2)
    #expect(trials.map(\.number) == [1, 2])
    #expect(trials.allSatisfy { $0.parameters == ["x": .int(7)] && $0.origin.fixed == ["x"] })
    #expect(try await bench.ask().origin.fixed == [])
  }

  @Test("A worker gets back its own trials that have the values, and waiting ones that have them")
  func matching() async throws {
    try await bench.create()
    let first = try await ask(7, "w")[0]
    let other = try await ask(8, "w")[0]
    #expect(try await ask(7, "w").map(\.number) == [first.number])
    _ = try await bench.service.requeue("s", other.number, leaseToken: other.lease?.token, reason: nil)
    #expect(try await ask(9).map(\.number) == [3])
    #expect(try await ask(8).map(\.number) == [other.number])
  }

  @Test("The default point is tried first where it has the values")
  func defaultPoint() async throws {
    try await bench.create(defaultValue: 42)
    #expect(try await ask(42)[0].origin.tuner == SuggestionOrigin.defaultPoint)
    try await bench.create("t", defaultValue: 42)
    let trial = try await bench.service.ask("t", AskRequest(fixed: ["x": .int(41)])).trials[0]
    #expect(trial.origin.tuner == "digest")
  }

  @Test("Values outside the space, and tuners that take none, are refused with a pointer, and nothing changes")
  func refusals() async throws {
    try await bench.create()
    let error = await #expect(throws: StudyError.self) { try await ask(1_000) }
    #expect(error?.mistakes.map(\.pointer) == ["/fixed/x"])
    try await bench.create("serial", tuner: "ladder")
    let unsupported = await #expect(throws: StudyError.self) {
      try await bench.service.ask("serial", AskRequest(fixed: ["x": .int(1)]))
    }
    #expect(unsupported?.mistakes.map(\.pointer) == ["/fixed"])
    #expect(try await bench.service.study("s").counts == [:])
  }

  @Test("What was prepared for everybody goes to nobody once its number has gone to fixed values")
  func ready() async throws {
    try await bench.create()
    try await bench.tell(try await bench.ask().number)
    await bench.service.settle()
    _ = try await ask(7)
    let next = try await bench.ask()
    #expect(next.number == 3)
    // It knows of the trial with fixed values.
    #expect(next.origin.history == 3)
  }

  @Test("The budget is exact when asks with and without fixed values come together")
  func budget() async throws {
    try await bench.create(budget: Budget(maxTrials: 40))
    let numbers = try await withThrowingTaskGroup(of: [TrialNumber].self) { group in
      for index in 0..<60 {
        group.addTask {
          if index.isMultiple(of: 3) { return try await ask(index + 1).map(\.number) }
          return try await bench.service.ask("s", AskRequest()).trials.map(\.number)
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(numbers.sorted() == Array(1...40))
  }

  @Test("A replay computes them again", arguments: [false, true])
  func replay(reproducible: Bool) async throws {
    try await bench.create(reproducible: reproducible)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 0..<4 {
        group.addTask {
          for turn in 0..<8 {
            let request = AskRequest(
              count: 1 + turn % 2, worker: "w\(worker)",
              fixed: turn.isMultiple(of: 3) ? ["x": .int(10 * worker + turn + 1)] : [:])
            for trial in try await bench.service.ask("s", request).trials { try await bench.tell(trial.number) }
          }
        }
      }
      try await group.waitForAll()
    }
    let replays = try await bench.service.replay("s")
    #expect(replays.count == 48)
    #expect(replays.filter { $0.outcome != .equal } == [])
    #expect(replays.contains { !$0.stored.origin.fixed.isEmpty })
  }
}
