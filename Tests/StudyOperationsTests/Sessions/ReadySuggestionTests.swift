import StudyOperations
import Testing
import TuningModel

/// Every computation of the tuner `gated` waits at the gate of its study, so a test decides what is done when.
@Suite("Ready suggestions", .timeLimit(.minutes(1)))
struct ReadySuggestionTests {
  let bench: Bench

  init() async throws { bench = try await Bench() }

  /// Asks for the first trial, whose suggestion is let through; the next one has then come to the gate.
  func begin(
    _ name: String, budget: Budget = Budget(), reproducible: Bool = false, maxWait: Int = 2_000
  ) async throws -> Gate {
    let gate = Gate(name)
    try await bench.create(name, tuner: "gated", budget: budget, reproducible: reproducible, maxWait: maxWait)
    gate.open()
    #expect(try await bench.ask(study: name).number == 1)
    await gate.arrival()
    return gate
  }

  @Test("A suggestion that was prepared after the last hand-out is given at once")
  func prepared() async throws {
    let gate = try await begin("prepared")
    await gate.arrival()
    gate.open()
    await bench.service.settle()
    #expect(gate.count == 2)
    let trial = try await bench.ask(study: "prepared")
    #expect(trial.parameters == ["x": .int(2)] && trial.origin.history == 1)
    gate.open(9)
  }

  @Test("Results are taken while a suggestion is computed, and an ask waits for one that knows them")
  func folded() async throws {
    let gate = try await begin("folded")
    await gate.arrival()
    #expect(try await bench.tell(1, study: "folded").state == .completed)
    async let second = bench.ask(study: "folded")
    // The computation under way knows nothing of the result; the next one does.
    gate.open()
    await gate.arrival()
    gate.open(9)
    let trial = try await second
    #expect(trial.origin.history == 2 && trial.origin.details == ["told": 1])
  }

  @Test("After a result the suggestion is renewed before anybody asks")
  func renewed() async throws {
    let gate = try await begin("renewed")
    gate.open(2)
    try await bench.tell(1, study: "renewed")
    await bench.service.settle()
    let computed = gate.count
    let trial = try await bench.ask(study: "renewed")
    #expect(trial.origin.details == ["told": 1])
    #expect(computed >= 2 && computed <= 3)
    gate.open(9)
  }

  @Test("Past the longest wait an ask gets a suggestion of the older model, and its origin says so")
  func olderModel() async throws {
    let gate = try await begin("older", maxWait: 500)
    gate.open()
    await bench.service.settle()
    try await bench.tell(1, study: "older")
    await gate.arrival()
    await gate.arrival()
    async let second = bench.ask(study: "older")
    while bench.clock.waiting == 0 { await Task.yield() }
    bench.clock.advance(seconds: 0.6)
    let trial = try await second
    #expect(trial.number == 2 && trial.origin.history == 1 && trial.origin.details == ["told": 0])
    gate.open(9)
  }

  @Test("Without any wait an ask takes the suggestion of the older model at once")
  func noWait() async throws {
    let gate = try await begin("no-wait", maxWait: 0)
    gate.open()
    await bench.service.settle()
    try await bench.tell(1, study: "no-wait")
    #expect(try await bench.ask(study: "no-wait").origin.history == 1)
    gate.open(9)
  }

  @Test("Past the longest wait an ask takes what is being computed, though it knows less by then")
  func beingPrepared() async throws {
    let gate = try await begin("under-way", maxWait: 500)
    await gate.arrival()
    try await bench.tell(1, study: "under-way")
    async let second = bench.ask(study: "under-way")
    while bench.clock.waiting == 0 { await Task.yield() }
    bench.clock.advance(seconds: 0.6)
    gate.open()
    #expect(try await second.origin.history == 1)
    gate.open(9)
  }

  @Test("An ask does not wait for what was told after it")
  func laterResults() async throws {
    let gate = Gate("later")
    try await bench.create("later", tuner: "gated")
    gate.open(4)
    _ = try await bench.service.ask("later", AskRequest(count: 2))
    await bench.service.settle()
    try await bench.tell(1, study: "later")
    for _ in 0..<5 { await gate.arrival() }
    async let third = bench.ask(study: "later")
    while bench.clock.waiting == 0 { await Task.yield() }
    try await bench.tell(2, study: "later")
    gate.open()
    let trial = try await third
    #expect(trial.number == 3 && trial.origin.history == 3 && trial.origin.details == ["told": 1])
    gate.open(9)
  }

  @Test("Constant results do not starve an ask")
  func constantResults() async throws {
    let gate = Gate("constant")
    try await bench.create("constant", tuner: "gated", maxWait: 1_000)
    gate.open(36)
    _ = try await bench.service.ask("constant", AskRequest(count: 20))
    await bench.service.settle()
    let computed = gate.count
    try await bench.tell(1, study: "constant")
    // No computation ends before another result has come in.
    let asked = Task { try await bench.ask(study: "constant") }
    for number in 2...20 {
      try await bench.tell(number, study: "constant")
      bench.clock.advance(seconds: 0.1)
      gate.open()
    }
    #expect(try await asked.value.number == 21)
    #expect(gate.count > computed)
    gate.open(99)
  }

  @Test("A reproducible study computes from exactly the events before each ask, however often results come in")
  func reproducible() async throws {
    let name = "reproducible"
    let gate = Gate(name)
    try await bench.create(name, tuner: "gated", reproducible: true)
    gate.open()
    _ = try await bench.service.ask(name, AskRequest())
    for number in 1...8 {
      let asked = Task { try await bench.ask(study: name) }
      let told = Task { try await bench.tell(number, study: name) }
      gate.open(6)
      let trial = try await asked.value
      _ = try await told.value
      let events = try await bench.service.events(name, after: 0, limit: 1_000)
      let start = events.first { event in
        if case .trial(let event) = event.event, event.trial == trial.number { true } else { false }
      }
      #expect(start.map { $0.sequence - 1 } == trial.origin.history)
    }
    gate.open(99)
  }

  @Test("However fast results come in, an ask of a reproducible study ends, and rests on all of them")
  func reproducibleUnderResults() async throws {
    let name = "held"
    let gate = Gate(name)
    try await bench.create(name, tuner: "gated", reproducible: true)
    gate.open(56)
    _ = try await bench.service.ask(name, AskRequest(count: 40))
    await bench.service.settle()
    var seen = gate.count
    try await bench.tell(1, study: name)
    let (ended, told) = (Gate(name + " ended"), Gate(name + " told"))
    let asked = Task {
      defer { ended.open() }
      return try await bench.ask(study: name)
    }
    var tells: [Task<Trial, any Error>] = []
    while ended.openings == 0 {
      await Task.yield()
      guard gate.count > seen else { continue }
      // While this computation is under way another result comes in, unless the one before still waits.
      seen = gate.count
      let number = 2 + tells.count
      if number <= 40, told.openings == tells.count {
        tells.append(
          Task {
            defer { told.open() }
            return try await bench.tell(number, study: name)
          })
      }
      for _ in 0..<500 { await Task.yield() }
      gate.open()
    }
    let trial = try await asked.value
    gate.open(99)
    for tell in tells { _ = try await tell.value }
    let events = try await bench.service.events(name, after: 0, limit: 1_000)
    let start = events.first { event in
      if case .trial(let event) = event.event, event.trial == trial.number { true } else { false }
    }
    #expect(start.map { $0.sequence - 1 } == trial.origin.history)
    // It ended while there were still results to come.
    #expect(tells.count < 39)
  }

  @Test("A reproducible study takes a prepared suggestion where nothing has happened since")
  func reproduciblePrepared() async throws {
    let gate = try await begin("exact", reproducible: true)
    gate.open()
    await bench.service.settle()
    #expect(try await bench.ask(study: "exact").origin.history == 1)
    #expect(gate.count >= 2)
    gate.open(9)
  }

  @Test("As many are prepared as were wanted together, and an ask for several takes them")
  func several() async throws {
    let gate = Gate("several")
    try await bench.create("several", tuner: "gated")
    gate.open(3)
    _ = try await bench.service.ask("several", AskRequest(count: 3))
    gate.open(3)
    await bench.service.settle()
    #expect(gate.count == 6)
    let trials = try await bench.service.ask("several", AskRequest(count: 3)).trials
    #expect(trials.map(\.number) == [4, 5, 6] && trials.allSatisfy { $0.origin.history == 3 })
    #expect(trials.map(\.parameters) == [["x": .int(4)], ["x": .int(5)], ["x": .int(6)]])
    gate.open(99)
  }

  @Test("An ask computes for itself where what was computed ahead has failed")
  func failedAhead() async throws {
    let gate = try await begin("failed-ahead")
    await gate.arrival()
    async let second = bench.ask(study: "failed-ahead")
    while bench.clock.waiting == 0 { await Task.yield() }
    gate.open(1, .failure)
    await gate.arrival()
    gate.open(9)
    #expect(try await second.number == 2)
  }

  @Test("An ask fails with the error of its own computation")
  func failedItself() async throws {
    let gate = try await begin("failed-itself")
    await gate.arrival()
    async let second = bench.code { _ = try await $0.ask("failed-itself", AskRequest()) }
    while bench.clock.waiting == 0 { await Task.yield() }
    gate.open(2, .failure)
    #expect(await second == .tunerFailed)
    #expect(gate.count == 3)
    gate.open(9)
  }

  @Test("An ask whose caller goes leaves its place, and what nobody waits for is not computed for it")
  func leaves() async throws {
    let gate = Gate("leaves")
    try await bench.create("leaves", tuner: "gated")
    try await bench.whilePoolIsBusy {
      let first = Task { await bench.code { _ = try await $0.ask("leaves", AskRequest()) } }
      while bench.pool.waitingCount == 0 { await Task.yield() }
      first.cancel()
      #expect(await first.value == .unavailable)
    }
    await bench.service.settle()
    #expect(gate.count == 0)
    gate.open(9)
    #expect(try await bench.ask(study: "leaves").number == 1)
  }

  @Test("Many workers with hardly any wait never overshoot the budget")
  func budgetIsExact() async throws {
    let name = "exact-budget"
    try await bench.create(name, budget: Budget(maxTrials: 60), maxWait: 5)
    let first = try await bench.service.ask(name, AskRequest(count: 8)).trials.map(\.number)
    await bench.service.settle()
    // With every look at the clock the longest wait is over; eight suggestions are ready, and none can be renewed.
    bench.clock.tick(seconds: 0.005)
    let second = try await bench.whilePoolIsBusy {
      var numbers: [TrialNumber] = []
      for number in first {
        try await bench.tell(number, study: name)
        let trial = try await bench.ask("w\(number)", study: name)
        #expect(trial.origin.history <= 8)
        numbers.append(trial.number)
      }
      return numbers
    }
    #expect(second == Array(9...16))
    let numbers = try await withThrowingTaskGroup(of: [TrialNumber].self) { group in
      for worker in first {
        group.addTask {
          var numbers: [TrialNumber] = []
          while let trial = try await bench.service.ask(name, AskRequest(worker: "w\(worker)")).trials.first {
            numbers.append(trial.number)
            try await bench.tell(trial.number, Double(trial.number), study: name)
          }
          return numbers
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect((first + numbers).sorted() == Array(1...60))
  }
}
