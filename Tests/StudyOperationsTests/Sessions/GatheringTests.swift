import SQLiteStorage
import StudyOperations
import Testing
import TuningModel

@Suite("Writes that arrive together", .timeLimit(.minutes(1)))
struct GatheringTests {
  let bench: Bench

  init() async throws { bench = try await Bench() }

  /// Does something many times at once.
  private func together<Answer: Sendable>(
    _ indices: some Sequence<Int> & Sendable, _ body: @escaping @Sendable (Int) async throws(StudyError) -> Answer
  ) async -> [(index: Int, outcome: Result<Answer, StudyError>)] {
    await withTaskGroup(of: (Int, Result<Answer, StudyError>).self) { group in
      for index in indices {
        group.addTask {
          do throws(StudyError) { return (index, .success(try await body(index))) } catch {
            return (index, .failure(error))
          }
        }
      }
      var outcomes: [(index: Int, outcome: Result<Answer, StudyError>)] = []
      for await (index, outcome) in group { outcomes.append((index, outcome)) }
      return outcomes
    }
  }

  private var eventCount: Int { get async throws { try await bench.service.events("s", after: 0, limit: 1_000).count } }

  @Test("Asks at once get different trials, numbered without gaps, and never more than the budget")
  func asks() async throws {
    try await bench.create(tuner: "ladder", budget: Budget(maxTrials: 50))
    _ = try await bench.ask()
    let service = bench.service
    let outcomes = await together(1...64) { index throws(StudyError) in
      try await service.ask("s", AskRequest(count: 1 + index % 3, worker: "w\(index)"))
    }
    let numbers = try outcomes.flatMap { try $0.outcome.get().trials.map(\.number) }
    #expect(numbers.sorted() == Array(2...50))
    for (index, outcome) in outcomes {
      let answer = try outcome.get()
      #expect(answer.trials.allSatisfy { $0.worker == "w\(index)" && $0.parameters["x"] == .int($0.number) })
      if answer.trials.count < 1 + index % 3 { #expect(answer.shortfall == .budgetReserved) }
    }
  }

  @Test("Asks at once are served by a study that nobody has asked since the start")
  func unread() async throws {
    try await bench.create(tuner: "ladder")
    let next = try await bench.restarted()
    let service = next.service
    let outcomes = await together(1...64) { _ throws(StudyError) in try await service.ask("s", AskRequest()) }
    #expect(try outcomes.flatMap { try $0.outcome.get().trials.map(\.number) }.sorted() == Array(1...64))
  }

  @Test("A space that runs out among asks at once is exhausted for those that get less")
  func exhausted() async throws {
    try await bench.create(tuner: "ladder", high: 10)
    _ = try await bench.ask()
    let service = bench.service
    let outcomes = await together(1...20) { _ throws(StudyError) in try await service.ask("s", AskRequest()) }
    let answers = try outcomes.map { try $0.outcome.get() }
    #expect(answers.flatMap { $0.trials.map(\.number) }.sorted() == Array(2...10))
    #expect(answers.filter(\.trials.isEmpty).allSatisfy { $0.shortfall == .spaceExhausted })
  }

  @Test("Each result at once is taken or refused by itself")
  func tells() async throws {
    try await bench.create(tuner: "ladder")
    _ = try await bench.service.ask("s", AskRequest(count: 20))
    let service = bench.service
    let outcomes = await together(1...40) { index throws(StudyError) in
      // Beyond 20 there is no trial; every fifth lacks its metric.
      try await service.tell("s", index, .metrics(index.isMultiple(of: 5) ? ["other": 1] : ["loss": Double(index)]))
    }
    for (index, outcome) in outcomes {
      switch outcome {
      case .success(let trial): #expect(trial.number == index && trial.measurement?.metrics == ["loss": Double(index)])
      case .failure(let error): #expect(error.code == (index > 20 ? .trialNotFound : .invalid))
      }
    }
    #expect(outcomes.count { (try? $0.outcome.get()) != nil } == 16)
    let next = try await bench.afterCrash()
    #expect(try await next.service.study("s").counts == [.completed: 16, .running: 4])
  }

  @Test("Of different results of one trial at once, one is taken, and the same again is confirmed")
  func rivals() async throws {
    try await bench.create(tuner: "ladder")
    _ = try await bench.ask()
    let service = bench.service
    let outcomes = await together(1...30) { index throws(StudyError) in
      try await service.tell("s", 1, .metrics(["loss": Double(index % 3)]))
    }
    let taken = try await bench.service.trial("s", 1).measurement?.metrics["loss"]
    for (index, outcome) in outcomes {
      switch outcome {
      case .success(let trial):
        #expect(Double(index % 3) == taken && trial.measurement?.metrics["loss"] == taken)
      case .failure(let error): #expect(error.code == .trialState && Double(index % 3) != taken)
      }
    }
    #expect(outcomes.count { (try? $0.outcome.get()) != nil } == 10)
    #expect(try await eventCount == 2)
  }

  @Test("Every write at once that may be repeated keeps its own answer")
  func answers() async throws {
    try await bench.create(tuner: "ladder")
    _ = try await bench.service.ask("s", AskRequest(count: 20))
    let service = bench.service
    _ = await together(1...20) { index throws(StudyError) in
      let write = RepeatableWrite(key: "k\(index)", fingerprint: "f") { answer in
        guard case .trial(let trial) = answer else { return .init(status: 500, headers: [:], body: []) }
        return .init(status: 200, headers: [:], body: [UInt8(trial.number)])
      }
      do {
        return try await RepeatableWrite.$current.withValue(write) {
          try await service.tell("s", index, .metrics(["loss": 1]))
        }
      } catch {
        throw error as? StudyError ?? StudyError(.unavailable, "\(error)")
      }
    }
    let next = try await bench.afterCrash()
    for index in 1...20 {
      #expect(try await next.service.keptAnswer(to: "k\(index)")?.content.body == [UInt8(index)])
    }
  }

  @Test("When the commit fails, every one of them fails, and nothing is changed")
  func failing() async throws {
    try await bench.create(tuner: "ladder")
    _ = try await bench.service.ask("s", AskRequest(count: 20))
    try await bench.store.execute(
      "CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT raise(ABORT, 'no room'); END")
    let service = bench.service
    let outcomes = await together(1...20) { index throws(StudyError) in
      try await service.tell("s", index, .metrics(["loss": 1]))
    }
    #expect(outcomes.allSatisfy { (try? $0.outcome.get()) == nil })
    try await bench.store.execute("DROP TRIGGER full")
    #expect(try await bench.service.study("s").counts == [.running: 20])
    #expect(try await bench.service.tell("s", 7, .metrics(["loss": 1])).state == .completed)
  }
}
