import StudyOperations
import Testing
import TuningModel

@Suite("Asking")
struct AskingTests {
  @Test("The first trial is the user's default point")
  func defaultPoint() async throws {
    let bench = try await Bench()
    try await bench.create(defaultValue: 42)
    let answer = try await bench.service.ask("s", AskRequest(count: 2))
    #expect(answer.trials[0].parameters == ["x": .int(42)])
    #expect(answer.trials[0].origin.tuner == "default")
    #expect(answer.trials[1].origin.tuner == "digest")
    #expect(answer.trials.map(\.number) == [1, 2])
  }

  @Test("A new trial is running, leased to its worker, and knows the log that it rests on")
  func newTrial() async throws {
    let bench = try await Bench()
    try await bench.create()
    _ = try await bench.ask()
    let trial = try await bench.ask("w", seconds: 60)
    #expect(trial.state == .running)
    #expect(trial.worker == "w")
    #expect(trial.attempt == 1)
    #expect(trial.origin.history == 1)
    #expect(trial.lease?.expiresAt == bench.clock.now.advanced(bySeconds: 60))
    let token = try #require(trial.lease?.token)
    #expect(token.count == 32 && token.allSatisfy(\.isHexDigit))
  }

  @Test("A worker's own trials come back first with the same token and a renewed lease")
  func ownFirst() async throws {
    let bench = try await Bench()
    try await bench.create()
    let first = try await bench.ask("w", seconds: 60)
    bench.clock.advance(seconds: 50)
    let again = try await bench.service.ask("s", AskRequest(count: 2, worker: "w")).trials
    #expect(again.map(\.number) == [1, 2])
    #expect(again[0].lease?.token == first.lease?.token)
    #expect(again[0].attempt == 1)
    #expect(again[0].lease?.expiresAt == bench.clock.now.advanced(bySeconds: 60))
    bench.clock.advance(seconds: 50)
    #expect(try await bench.ask("w").number == 1)
  }

  @Test("No more of a worker's own trials come back than it asks for")
  func ownAtMostCount() async throws {
    let bench = try await Bench()
    try await bench.create()
    _ = try await bench.service.ask("s", AskRequest(count: 3, worker: "w"))
    #expect(try await bench.service.ask("s", AskRequest(count: 2, worker: "w")).trials.map(\.number) == [1, 2])
  }

  @Test("Without a worker's name every trial is new")
  func anonymous() async throws {
    let bench = try await Bench()
    try await bench.create()
    #expect(try await bench.ask().number == 1)
    #expect(try await bench.ask().number == 2)
  }

  @Test("Waiting trials are handed out before new ones, in the order of their numbers, as the next attempt")
  func waitingBeforeNew() async throws {
    let bench = try await Bench()
    try await bench.create()
    let given = try await bench.service.ask("s", AskRequest(count: 3)).trials
    for trial in [given[2], given[0]] {
      _ = try await bench.service.requeue("s", trial.number, leaseToken: trial.lease?.token, reason: nil)
    }
    let next = try await bench.service.ask("s", AskRequest(count: 3, worker: "w")).trials
    #expect(next.map(\.number) == [1, 3, 4])
    #expect(next.map(\.attempt) == [2, 2, 1])
    #expect(next[0].parameters == given[0].parameters)
    #expect(next[0].lease?.token != given[0].lease?.token)
  }

  @Test("Fifty concurrent asks never overshoot the budget")
  func exactBudget() async throws {
    let bench = try await Bench()
    try await bench.create(budget: Budget(maxTrials: 37))
    let numbers = try await withThrowingTaskGroup(of: [TrialNumber].self) { group in
      for worker in 0..<50 {
        group.addTask { try await bench.service.ask("s", AskRequest(worker: "w\(worker)")).trials.map(\.number) }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(numbers.sorted() == Array(1...37))
    #expect(try await bench.service.study("s").counts == [.running: 37])
  }

  @Test("A spent budget with trials under way is reserved, and finished once they end")
  func budgetShortfall() async throws {
    let bench = try await Bench()
    try await bench.create(budget: Budget(maxTrials: 1))
    let given = try await bench.service.ask("s", AskRequest(count: 2))
    #expect(given.trials.count == 1 && given.shortfall == .budgetReserved)
    #expect(try await bench.service.ask("s", AskRequest()).shortfall == .budgetReserved)
    _ = try await bench.service.tell("s", 1, .metrics(["loss": 1]))
    let last = try await bench.service.ask("s", AskRequest())
    #expect(last == AskAnswer([], state: .active, shortfall: .finished))
  }

  @Test("Every ending counts against the budget, a trial that is given back only once")
  func whatCounts() async throws {
    let bench = try await Bench()
    try await bench.create(budget: Budget(maxTrials: 3))
    _ = try await bench.service.ask("s", AskRequest(count: 2))
    _ = try await bench.service.tell("s", 1, TrialResult(.failed(reason: nil)))
    _ = try await bench.service.requeue("s", 2, leaseToken: nil, reason: nil)
    let answer = try await bench.service.ask("s", AskRequest(count: 5))
    #expect(answer.trials.map(\.number) == [2, 3])
  }

  @Test("No more trials are under way than the study allows")
  func parallelLimit() async throws {
    let bench = try await Bench()
    try await bench.create(budget: Budget(maxTrials: 10, maxParallel: 2))
    let given = try await bench.service.ask("s", AskRequest(count: 3))
    #expect(given.trials.count == 2 && given.shortfall == .parallelLimit)
    #expect(try await bench.service.ask("s", AskRequest()).trials.isEmpty)
    _ = try await bench.service.tell("s", 1, .metrics(["loss": 1]))
    #expect(try await bench.ask().number == 3)
  }

  @Test("A paused study hands out nothing new, but a worker gets its own trials back")
  func paused() async throws {
    let bench = try await Bench()
    try await bench.create()
    _ = try await bench.ask("w")
    _ = try await bench.service.update("s", StudyPatch(state: .paused), revision: nil)
    let answer = try await bench.service.ask("s", AskRequest(count: 2, worker: "w"))
    #expect(answer.trials.map(\.number) == [1])
    #expect(answer.shortfall == .paused && answer.state == .paused)
  }

  @Test("An exhausted space gives what it has left and says so")
  func exhausted() async throws {
    let bench = try await Bench()
    try await bench.create(tuner: "ladder", high: 13)
    #expect(try await bench.service.ask("s", AskRequest(count: 2)).shortfall == nil)
    let rest = try await bench.service.ask("s", AskRequest(count: 40))
    #expect(rest.trials.map(\.number) == Array(3...13))
    #expect(rest.shortfall == .spaceExhausted)
    #expect(try await bench.service.ask("s", AskRequest()) == AskAnswer([], state: .active, shortfall: .spaceExhausted))
  }

  @Test(
    "A tuner that fails, or proposes what is not in the space, is reported and leaves no trace",
    arguments: [
      "fails", "outside",
    ])
  func brokenTuner(manner: String) async throws {
    let bench = try await Bench()
    try await bench.create(tuner: "broken", labels: ["manner": manner])
    #expect(await bench.code { _ = try await $0.ask("s", AskRequest()) } == .tunerFailed)
    #expect(try await bench.service.study("s").counts == [:])
    #expect(try await bench.service.events("s", after: 0, limit: 10).isEmpty)
  }

  @Test(
    "Requests out of range are refused with a pointer",
    arguments: [
      (AskRequest(count: 0), "/count"), (AskRequest(count: 1_001), "/count"), (AskRequest(worker: ""), "/worker"),
      (AskRequest(worker: "a\nb"), "/worker"), (AskRequest(worker: String(repeating: "w", count: 257)), "/worker"),
      (AskRequest(leaseSeconds: 0), "/lease_seconds"), (AskRequest(leaseSeconds: .nan), "/lease_seconds"),
      (AskRequest(leaseSeconds: .infinity), "/lease_seconds"), (AskRequest(leaseSeconds: 1e300), "/lease_seconds"),
    ])
  func refusals(request: AskRequest, pointer: String) async throws {
    let bench = try await Bench()
    try await bench.create()
    let error = await #expect(throws: StudyError.self) { try await bench.service.ask("s", request) }
    #expect(error?.code == .invalid)
    #expect(error?.mistakes.map(\.pointer) == [pointer])
  }

  @Test("A study that is not there is not found")
  func noStudy() async throws {
    let bench = try await Bench()
    #expect(await bench.code { _ = try await $0.ask("nope", AskRequest()) } == .studyNotFound)
  }

  @Test("An ask that is cancelled while it computes takes no trial, and others go on")
  func cancelled() async throws {
    let bench = try await Bench()
    let gate = Gate("cancelled")
    try await bench.create("cancelled", tuner: "gated")
    let ask = Task { await bench.code { _ = try await $0.ask("cancelled", AskRequest()) } }
    await gate.arrival()
    ask.cancel()
    gate.open()
    #expect(await ask.value == .unavailable)
    #expect(try await bench.service.study("cancelled").counts == [:])
    gate.open()
    #expect(try await bench.ask(study: "cancelled").number == 1)
  }

  @Test("A prediction whose caller goes before its turn is not computed")
  func cancelledPrediction() async throws {
    let bench = try await Bench()
    let predictions = Gate("predicted predictions")
    try await bench.create("predicted", tuner: "gated")
    predictions.open(2)
    let asked = try await bench.whilePoolIsBusy {
      let asked = Task { await bench.code { _ = try await $0.predict("predicted", at: [["x": .int(3)]]) } }
      while bench.pool.waitingCount == 0 { await Task.yield() }
      asked.cancel()
      return asked
    }
    #expect(await asked.value == .unavailable)
    #expect(predictions.count == 0)
    #expect(try await bench.service.predict("predicted", at: [["x": .int(3)]]).observations == 0)
  }

  @Test("An ask under way when its study is deleted finds no study")
  func deletedMeanwhile() async throws {
    let bench = try await Bench()
    let gate = Gate("deleted")
    try await bench.create("deleted", tuner: "gated")
    let ask = Task { await bench.code { _ = try await $0.ask("deleted", AskRequest()) } }
    await gate.arrival()
    try await bench.service.delete("deleted", revision: nil)
    try await bench.create("deleted", tuner: "ladder")
    gate.open()
    #expect(await ask.value == .studyNotFound)
    #expect(try await bench.ask(study: "deleted").number == 1)
  }
}
