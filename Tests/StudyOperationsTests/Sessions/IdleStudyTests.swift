import StudyOperations
import Testing
import TuningModel

@Suite("Idle studies", .timeLimit(.minutes(1)))
struct IdleStudyTests {
  @Test("A study that was let go of goes on as if it had stayed", arguments: [true, false])
  func goesOn(reproducible: Bool) async throws {
    let (bench, other) = (try await Bench(), try await Bench())
    for bench in [bench, other] { try await bench.create(defaultValue: 42, reproducible: reproducible) }
    for round in 1...6 {
      var suggestions: [Suggestion] = []
      for bench in [bench, other] {
        let trial = try await bench.ask("w")
        try await bench.tell(trial.number, Double(round % 3))
        await bench.service.settle()
        bench.clock.advance(seconds: 600)
        suggestions.append(Suggestion(trial.parameters, origin: trial.origin))
      }
      #expect(suggestions[0] == suggestions[1])
      await bench.service.sweep()
      #expect(await bench.service.sessionCount == 0)
      #expect(await other.service.sessionCount == 1)
    }
    #expect(try await bench.service.best("s")?.number == 3)
    #expect(try await bench.service.replay("s").allSatisfy { $0.outcome == .equal })
  }

  @Test("A study stays while a trial of it is under way, an ask waits, or somebody has asked lately")
  func stays() async throws {
    let bench = try await Bench()
    let gate = Gate("busy")
    try await bench.create("busy", tuner: "gated")
    let asked = Task { try await bench.ask(study: "busy") }
    await gate.arrival()
    #expect(await staysAfter(600, bench))
    gate.open(9)
    let trial = try await asked.value
    await bench.service.settle()
    #expect(await staysAfter(600, bench))
    _ = try await bench.service.requeue("busy", trial.number, leaseToken: nil, reason: nil)
    #expect(await staysAfter(599.9, bench))
    #expect(await !staysAfter(0.1, bench))
    #expect(try await bench.ask(study: "busy").attempt == 2)
  }

  private func staysAfter(_ seconds: Double, _ bench: Bench) async -> Bool {
    bench.clock.advance(seconds: seconds)
    await bench.service.sweep()
    return await bench.service.sessionCount == 1
  }

  @Test("Requests that come while their study is being let go of lose nothing")
  func race() async throws {
    let bench = try await Bench(idleTime: .zero)
    try await bench.create(budget: Budget(maxTrials: 60))
    let numbers = try await withThrowingTaskGroup(of: [TrialNumber].self) { group in
      for worker in 0..<3 {
        group.addTask {
          var numbers: [TrialNumber] = []
          while let trial = try await bench.service.ask("s", AskRequest(worker: "w\(worker)")).trials.first {
            numbers.append(trial.number)
            let token = try #require(trial.lease?.token)
            let renewed = try await bench.service.heartbeat("s", trial.number, leaseToken: token, seconds: 90_000)
            #expect(try await bench.service.trial("s", trial.number).lease?.expiresAt == renewed.lease?.expiresAt)
            try await bench.tell(trial.number, Double(trial.number))
            await bench.service.sweep()
          }
          return numbers
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(numbers.sorted() == Array(1...60))
    #expect(try await bench.service.replay("s").allSatisfy { $0.outcome == .equal })
  }
}
