import SQLiteStorage
import StudyOperations
import Testing
import TuningModel

@Suite("Studies whose trials ask an oracle")
struct OracleTests {
  private func answer(_ g: Double = 1) -> TrialResult { .oracle(OracleAnswer(g: g, z: [0.5])) }

  private func mistakes(_ body: () async throws -> Void) async -> [String] {
    do {
      try await body()
      return []
    } catch {
      return (error as? StudyError)?.mistakes.map(\.pointer) ?? ["\(error)"]
    }
  }

  @Test("Fewer trials come than asked for; then none, with the reason and when to ask again")
  func waiting() async throws {
    let bench = try await Bench()
    try await bench.create(tuner: "serial")
    let first = try await bench.service.ask("s", AskRequest(count: 4))
    #expect(first.trials.map(\.number) == [1, 2])
    #expect(first.shortfall == .awaitingResults)
    let none = try await bench.service.ask("s", AskRequest())
    #expect(none == AskAnswer([], state: .active, shortfall: .awaitingResults, detail: "Two are under way."))
    #expect(none.shortfall?.retryAfterSeconds == 1)
    _ = try await bench.service.tell("s", 1, answer())
    #expect(try await bench.service.ask("s", AskRequest()).trials.isEmpty)
    _ = try await bench.service.tell("s", 2, answer())
    #expect(try await bench.service.ask("s", AskRequest()).trials.map(\.parameters) == [["x": .int(3)]])
  }

  @Test("That a tuner waits is not told again once there is the result", arguments: [false, true])
  func noStaleWaiting(reproducible: Bool) async throws {
    let bench = try await Bench()
    // Without any patience, an ask is content with suggestions of an older model at once.
    try await bench.create(tuner: "serial", reproducible: reproducible, maxWait: 0)
    for turn in 0..<3 {
      #expect(try await bench.service.ask("s", AskRequest(count: 2)).trials.count == 2)
      #expect(try await bench.service.ask("s", AskRequest(count: 2)).shortfall == .awaitingResults)
      _ = try await bench.service.tell("s", 2 * turn + 1, answer())
      _ = try await bench.service.tell("s", 2 * turn + 2, answer())
    }
  }

  @Test("A tuner at its end is told with its own words, and asking again does not help")
  func finished() async throws {
    let bench = try await Bench()
    try await bench.create(tuner: "serial")
    for turn in 0..<3 {
      _ = try await bench.service.ask("s", AskRequest(count: 2))
      _ = try await bench.service.tell("s", 2 * turn + 1, answer())
      _ = try await bench.service.tell("s", 2 * turn + 2, TrialResult(.failed(reason: nil)))
    }
    let end = try await bench.service.ask("s", AskRequest())
    #expect(end == AskAnswer([], state: .active, shortfall: .tunerFinished, detail: "stationary: six are enough"))
    #expect(end.shortfall?.retryAfterSeconds == nil)
    #expect(try await bench.restarted().service.ask("s", AskRequest()) == end)
  }

  @Test("The first trial is the tuner's own, though the user has a default point")
  func defaultPoint() async throws {
    let bench = try await Bench()
    try await bench.create(tuner: "serial", defaultValue: 7)
    let trial = try #require(try await bench.service.ask("s", AskRequest()).trials.first)
    #expect(trial.origin.tuner == "serial")
    #expect(trial.request?.kind == .hypergradient)
  }

  @Test("The objective follows from the answer: the upper end of its interval")
  func completion() async throws {
    let bench = try await Bench()
    try await bench.create(tuner: "serial")
    _ = try await bench.service.ask("s", AskRequest(count: 2))
    let told = try await bench.service.tell("s", 1, answer(2))
    #expect(told.measurement?.metrics == ["loss": 2.5])
    #expect(told.measurement?.interval == ObjectiveInterval(low: 1.5, up: 2.5, certification: .monotone))
    let own = TrialResult(.completed(Measurement(["loss": 2.25], oracle: OracleAnswer(g: 2, z: [0]))))
    #expect(try await bench.service.tell("s", 2, own).measurement?.metrics == ["loss": 2.25])
    let best = try #require(try await bench.service.best("s"))
    #expect(best.number == 2 && best.measurement?.interval?.low == 1.5)
  }

  @Test("The same answer again is confirmed; another one is a conflict")
  func repetition() async throws {
    let bench = try await Bench()
    try await bench.create(tuner: "serial")
    _ = try await bench.service.ask("s", AskRequest())
    let told = try await bench.service.tell("s", 1, answer(2))
    #expect(try await bench.service.tell("s", 1, answer(2)) == told)
    let other = await #expect(throws: StudyError.self) {
      try await bench.service.tell("s", 1, .oracle(OracleAnswer(g: 2, z: [0.75])))
    }
    #expect(other?.code == .trialState)
  }

  @Test("An answer that is missing, not asked for, or not acceptable is refused with a pointer")
  func refusals() async throws {
    let bench = try await Bench()
    try await bench.create(tuner: "serial")
    try await bench.create("plain")
    _ = try await bench.service.ask("s", AskRequest())
    _ = try await bench.service.ask("plain", AskRequest())
    func told(_ result: TrialResult, of study: String = "s") async -> [String] {
      await mistakes { _ = try await bench.service.tell(study, 1, result) }
    }
    #expect(await told(.metrics(["loss": 1])) == ["/oracle"])
    #expect(await told(answer(), of: "plain") == ["/oracle"])
    #expect(await told(.oracle(OracleAnswer(g: 1))) == ["/oracle/z"])
    #expect(await told(.oracle(OracleAnswer(g: 1, z: [1, 2]))) == ["/oracle/z"])
    #expect(await told(.oracle(OracleAnswer(g: .nan, z: [.infinity]))) == ["/oracle/g", "/oracle/z/0"])
    #expect(
      await told(.oracle(OracleAnswer(g: 1, gradGNorm: -1, z: [0], omega: -.infinity, mu: 0)))
        == ["/oracle/grad_g_norm", "/oracle/omega", "/oracle/mu"])
    #expect(
      await told(TrialResult(.pruned(reason: nil, Measurement([:], oracle: OracleAnswer(g: 1))))) == ["/oracle"])
    let enqueued = EnqueuedTrial(
      ["x": .int(4)], outcome: .completed(Measurement(["loss": 1], oracle: OracleAnswer(g: 1))))
    #expect(
      await mistakes { _ = try await bench.service.enqueue("s", [enqueued]) } == ["/trials/0/oracle"])
    let many = await mistakes { _ = try await bench.service.tell("s", [ToldResult(1, .metrics(["loss": 1]))]) }
    #expect(many == ["/results/0/oracle"])
  }

  @Test("A correction is held against the request as a result is, and gets an interval of its own")
  func correction() async throws {
    let bench = try await Bench()
    try await bench.create(tuner: "serial")
    _ = try await bench.service.ask("s", AskRequest())
    _ = try await bench.service.tell("s", 1, answer(2))
    let bad = await mistakes {
      _ = try await bench.service.correct("s", 1, .completed(Measurement(["loss": 1])), revision: nil)
    }
    #expect(bad == ["/oracle"])
    let corrected = try await bench.service.correct("s", 1, answer(5).outcome, revision: nil)
    #expect(corrected.measurement?.interval?.up == 5.5)
  }

  @Test("Requests and answers outlive the process, and the log agrees with what is stored")
  func restart() async throws {
    let bench = try await Bench()
    try await bench.create(tuner: "serial")
    let asked = try await bench.service.ask("s", AskRequest(count: 2, worker: "w")).trials
    let crashed = try await bench.afterCrash()
    #expect(
      try await crashed.service.ask("s", AskRequest(count: 2, worker: "w")).trials.map(\.request)
        == asked.map(\.request))
    let told = try await crashed.service.tell("s", 1, answer(2))
    let later = try await crashed.restarted()
    #expect(try await later.service.trial("s", 1) == told)
    #expect(try await later.service.trial("s", 2).request == asked[1].request)
    #expect(try await later.service.replay("s").allSatisfy { $0.outcome == .equal })
    let stored = try #require(try await later.store.study(named: "s"))
    let events = try await later.store.events(of: stored, after: 0, limit: 100)
    let measured = events.compactMap { recorded -> Measurement? in
      guard case .trial(let event) = recorded.event, case .completed(let measurement) = event.kind else { return nil }
      return measurement
    }
    #expect(measured == [told.measurement])
    var audit = StudyAudit(stored)
    for event in events { audit.take(event) }
    for trial in try await later.store.trials(of: stored, state: nil, after: 0, limit: 10) { audit.take(trial) }
    audit.finish(nil, Bench.catalog)
    #expect(audit.findings == [])
  }
}
