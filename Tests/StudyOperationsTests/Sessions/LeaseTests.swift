import StudyOperations
import Testing
import TuningModel

@Suite("Leases", .timeLimit(.minutes(1)))
struct LeaseTests {
  let bench: Bench

  init() async throws { bench = try await Bench() }

  @Test("A trial whose lease ends waits for another worker, and a late result is taken until then")
  func expiry() async throws {
    try await bench.create()
    let trial = try await bench.ask("w", seconds: 60)
    bench.clock.advance(seconds: 59.9)
    await bench.service.sweep()
    #expect(try await bench.service.trial("s", 1).state == .running)
    bench.clock.advance(seconds: 0.1)
    await bench.service.sweep()
    let waiting = try await bench.service.trial("s", 1)
    #expect(waiting.state == .waiting && waiting.reason == "lease_expired")
    #expect(waiting.lostLeases == 1 && waiting.lease == nil)
    let late = try await bench.service.tell("s", 1, .metrics(["loss": 1], leaseToken: trial.lease?.token))
    #expect(late.state == .completed)
  }

  @Test("An ask takes back what is lost without waiting for a sweep")
  func sweptByAsk() async throws {
    try await bench.create()
    _ = try await bench.ask("w", seconds: 60)
    bench.clock.advance(seconds: 60)
    let again = try await bench.ask("v")
    #expect(again.number == 1 && again.attempt == 2 && again.worker == "v")
  }

  @Test("After its last retry a lost trial has failed")
  func retries() async throws {
    try await bench.create(budget: Budget(maxRetries: 2))
    for attempt in 1...3 {
      #expect(try await bench.ask("w", seconds: 10).attempt == attempt)
      bench.clock.advance(seconds: 10)
    }
    await bench.service.sweep()
    let trial = try await bench.service.trial("s", 1)
    #expect(trial.state == .failed && trial.reason == "lease_expired" && trial.lostLeases == 3)
    let names = try await bench.service.events("s", after: 0, limit: 20).map(\.event.name)
    #expect(names == ["started", "requeued", "started", "requeued", "started", "failed"])
  }

  @Test("A trial that is given back does not count as a retry")
  func givenBack() async throws {
    try await bench.create(budget: Budget(maxRetries: 0))
    for attempt in 1...4 {
      let trial = try await bench.ask("w")
      #expect(trial.number == 1 && trial.attempt == attempt)
      let waiting = try await bench.service.requeue("s", 1, leaseToken: trial.lease?.token, reason: nil)
      #expect(waiting.state == .waiting && waiting.reason == "preempted" && waiting.lostLeases == 0)
    }
  }

  @Test("Giving back a trial that waits changes nothing; one that has ended, or that another holds, is refused")
  func givingBackTwice() async throws {
    try await bench.create()
    let first = try await bench.ask("w")
    _ = try await bench.service.requeue("s", 1, leaseToken: first.lease?.token, reason: "spot market")
    let again = try await bench.service.requeue("s", 1, leaseToken: first.lease?.token, reason: "again")
    #expect(again.reason == "spot market")
    let second = try await bench.ask("v")
    #expect(
      await bench.code { _ = try await $0.requeue("s", 1, leaseToken: first.lease?.token, reason: nil) } == .leaseLost)
    _ = try await bench.service.tell("s", 1, .metrics(["loss": 1], leaseToken: second.lease?.token))
    #expect(await bench.code { _ = try await $0.requeue("s", 1, leaseToken: nil, reason: nil) } == .trialState)
  }

  @Test("A heartbeat extends the lease by its own length or the one given, without an event")
  func heartbeat() async throws {
    try await bench.create()
    let token = try #require(try await bench.ask("w", seconds: 60).lease?.token)
    bench.clock.advance(seconds: 50)
    let renewed = try await bench.service.heartbeat("s", 1, leaseToken: token, seconds: nil)
    #expect(renewed.lease == Lease(token: token, expiresAt: bench.clock.now.advanced(bySeconds: 60)))
    bench.clock.advance(seconds: 50)
    _ = try await bench.service.heartbeat("s", 1, leaseToken: token, seconds: 5)
    #expect(try await bench.service.trial("s", 1).lease?.expiresAt == bench.clock.now.advanced(bySeconds: 5))
    bench.clock.advance(seconds: 5)
    await bench.service.sweep()
    #expect(try await bench.service.trial("s", 1).state == .waiting)
    #expect(try await bench.service.events("s", after: 0, limit: 10).count == 2)
  }

  @Test("A heartbeat for a lost lease says so")
  func lostHeartbeat() async throws {
    try await bench.create(budget: Budget(maxRetries: 1))
    let token = try #require(try await bench.ask("w", seconds: 60).lease?.token)
    bench.clock.advance(seconds: 60)
    #expect(await beat(token) == .leaseLost)
    _ = try await bench.ask("v", seconds: 60)
    #expect(await beat(token) == .leaseLost)
    bench.clock.advance(seconds: 60)
    await bench.service.sweep()
    #expect(try await bench.service.trial("s", 1).state == .failed)
    #expect(await beat(token) == .leaseLost)
  }

  @Test("A heartbeat for a trial with a result is refused by the trial's state, one out of range by its value")
  func refusedHeartbeat() async throws {
    try await bench.create()
    let token = try #require(try await bench.ask("w").lease?.token)
    #expect(await bench.code { _ = try await $0.heartbeat("s", 1, leaseToken: token, seconds: .nan) } == .invalid)
    _ = try await bench.service.tell("s", 1, .metrics(["loss": 1]))
    #expect(await beat(token) == .trialState)
  }

  private func beat(_ token: String) async -> StudyError.Code? {
    await bench.code { _ = try await $0.heartbeat("s", 1, leaseToken: token, seconds: nil) }
  }

  @Test("A lease lasts the study's trial time-out, else a day, where the worker says nothing")
  func standardLength() async throws {
    try await bench.create("a")
    try await bench.create("b", budget: Budget(trialTimeoutSeconds: 600))
    let (a, b) = (try await bench.ask(study: "a"), try await bench.ask(study: "b"))
    #expect(a.lease?.expiresAt == bench.clock.now.advanced(bySeconds: 86_400))
    #expect(b.lease?.expiresAt == bench.clock.now.advanced(bySeconds: 600))
  }

  @Test("A trial that outlasts its time is lost in spite of heartbeats")
  func timeout() async throws {
    try await bench.create(budget: Budget(trialTimeoutSeconds: 100, maxRetries: 1))
    for attempt in 1...2 {
      let trial = try await bench.ask("w", seconds: 60)
      #expect(trial.attempt == attempt)
      bench.clock.advance(seconds: 50)
      _ = try await bench.service.heartbeat("s", 1, leaseToken: try #require(trial.lease?.token), seconds: nil)
      bench.clock.advance(seconds: 50)
      await bench.service.sweep()
      let lost = try await bench.service.trial("s", 1)
      #expect(lost.reason == "timeout" && lost.state == (attempt == 1 ? .waiting : .failed))
    }
  }

  @Test("A wall clock that jumps expires nothing", arguments: [-1e9, 1e9])
  func clockJump(seconds: Double) async throws {
    try await bench.create()
    _ = try await bench.ask("w", seconds: 60)
    bench.clock.jump(seconds: seconds)
    await bench.service.sweep()
    #expect(try await bench.service.trial("s", 1).state == .running)
    bench.clock.advance(seconds: 60)
    await bench.service.sweep()
    #expect(try await bench.service.trial("s", 1).state == .waiting)
  }

  /// A reproducible study in which a worker holds trial 4 for 60 seconds, and an ask for trial 5 lets all other steps wait
  /// until the gate is opened.
  private func held(_ name: String) async throws -> (ask: Task<Trial, any Error>, gate: Gate, token: String) {
    let gate = Gate(name)
    try await bench.create(name, tuner: "gated", reproducible: true)
    gate.open(8)
    let request = AskRequest(count: 4, worker: "w", leaseSeconds: 60)
    let token = try #require(try await bench.service.ask(name, request).trials.last?.lease?.token)
    await bench.service.settle()
    for _ in 0..<8 { await gate.arrival() }
    try await bench.tell(1, study: name)
    await gate.arrival()
    // Results that come in while suggestions are computed have the ask planned again, and at last held.
    let asked = Task { try await bench.ask("v", study: name) }
    for _ in 0..<500 { await Task.yield() }
    for number in 2...3 {
      try await bench.tell(number, study: name)
      gate.open()
      await gate.arrival()
    }
    _ = try await bench.service.update(name, StudyPatch(labels: ["a": "b"]), revision: nil)
    gate.open()
    await gate.arrival()
    return (asked, gate, token)
  }

  @Test("A lease ends by the time at which its worker's request came, not by that at which its turn comes")
  func judgedAtArrival() async throws {
    let name = "arrival"
    let (asked, gate, token) = try await held(name)
    bench.clock.advance(seconds: 59)
    let looks = try await bench.clock.settledLooks()
    let (beat, requeued) = (
      Task { try await bench.service.heartbeat(name, 4, leaseToken: token, seconds: nil) },
      Task { try await bench.service.requeue(name, 4, leaseToken: token, reason: nil) }
    )
    // Each looks at the clock when it arrives.
    while try await bench.clock.settledLooks() < looks + 2 {}
    bench.clock.advance(seconds: 2)
    gate.open(99)
    #expect(try await asked.value.number == 5)
    #expect(try await beat.value.state == .running)
    #expect(try await requeued.value.lostLeases == 0)
  }

  @Test("A study whose steps have to wait keeps those of no other study from being taken back")
  func sweptPastHeldStudy() async throws {
    for name in ["a", "b", "c"] {
      try await bench.create(name)
      _ = try await bench.ask("w", seconds: 60, study: name)
    }
    let (asked, gate, _) = try await held("holding")
    bench.clock.advance(seconds: 61)
    let sweeps = [Task { await bench.service.sweep() }, Task { await bench.service.sweep() }]
    for name in ["a", "b", "c"] {
      while try await bench.service.trial(name, 1).state != .waiting { await Task.yield() }
    }
    gate.open(99)
    for sweep in sweeps { await sweep.value }
    #expect(try await asked.value.number == 5)
    #expect(try await bench.service.trial("holding", 4).state == .waiting)
  }

  @Test("A restart gives every trial under way one fresh lease period of its own length")
  func restart() async throws {
    try await bench.create()
    let token = try #require(try await bench.ask("w", seconds: 60).lease?.token)
    bench.clock.advance(seconds: 500)
    let next = try await bench.afterCrash()
    #expect(try await next.ask("w").lease?.token == token)
    next.clock.advance(seconds: 59)
    await next.service.sweep()
    #expect(try await next.service.trial("s", 1).state == .running)
    next.clock.advance(seconds: 1)
    await next.service.sweep()
    #expect(try await next.service.trial("s", 1).state == .waiting)
  }

  @Test("After a restart leases end though nobody asks for anything, and until then trials show when")
  func restartOfIdleStudy() async throws {
    try await bench.create()
    _ = try await bench.ask("w", seconds: 60)
    bench.clock.advance(seconds: 500)
    let next = try await bench.afterCrash()
    await next.service.sweep()
    let end = next.clock.now.advanced(bySeconds: 60)
    next.clock.advance(seconds: 59)
    await next.service.sweep()
    #expect(try await next.service.trial("s", 1).state == .running)
    #expect(try await next.service.trial("s", 1).lease?.expiresAt == end)
    // Reading the study changes nothing.
    _ = try await next.service.best("s")
    #expect(try await next.service.trial("s", 1).lease?.expiresAt == end)
    next.clock.advance(seconds: 1)
    await next.service.sweep()
    #expect(try await next.service.trial("s", 1).state == .waiting)
    #expect(try await next.service.studies(PageRequest()).elements.map(\.summary?.counts) == [[.waiting: 1]])
  }

  @Test("After a restart trials outlast their time though nobody asks for anything")
  func restartWithTimeout() async throws {
    try await bench.create(budget: Budget(trialTimeoutSeconds: 100, maxRetries: 0))
    _ = try await bench.ask("w", seconds: 1_000)
    let next = try await bench.afterCrash()
    next.clock.advance(seconds: 99)
    await next.service.sweep()
    #expect(try await next.service.study("s").counts == [.running: 1])
    next.clock.advance(seconds: 1)
    await next.service.sweep()
    #expect(try await next.service.study("s").counts == [.failed: 1])
  }

  @Test("A study with trials under way that is deleted by another program after a restart is forgotten")
  func deletedAfterRestart() async throws {
    try await bench.create()
    _ = try await bench.ask("w", seconds: 60)
    let next = try await bench.restarted()
    await next.service.sweep()
    #expect(await next.service.sessionCount == 1)
    try await next.rival().delete("s", revision: nil)
    next.clock.advance(seconds: 600)
    await next.service.sweep()
    #expect(await next.service.sessionCount == 0)
  }
}

extension StudyEvent {
  /// The event's name in the log.
  var name: String {
    switch self {
    case .trial(let event): event.name
    case .updated: "updated"
    }
  }
}
