import SQLiteStorage
import StudyOperations
import Testing
import TunerContract
import TuningModel

@Suite("Restarts")
struct RestartTests {
  let bench: Bench

  init() async throws {
    bench = try await Bench()
    try await bench.create(budget: Budget(maxRetries: 1))
  }

  /// What the study looks like, and what it would suggest next; the latter without changing this bench.
  private func state(_ bench: Bench) async throws -> [Trial] {
    let copy = try await bench.afterCrash()
    let trials = try await copy.service.trials("s", state: nil, PageRequest(size: 1_000)).elements
    return trials
      + [try await copy.ask("probe", seconds: 5)].map { trial in
        var trial = trial
        trial.lease = nil
        return trial
      }
  }

  @Test("Nothing is lost or invented by a crash at any point of a trial's life")
  func everyPoint() async throws {
    var token: String?
    let steps: [@Sendable (StudyService, String?) async throws -> String?] = [
      { service, _ in try await service.ask("s", AskRequest(worker: "w", leaseSeconds: 60)).trials[0].lease?.token },
      { service, token in try await service.requeue("s", 1, leaseToken: token, reason: "Größe 太大").lease?.token },
      { service, _ in try await service.ask("s", AskRequest(worker: "w", leaseSeconds: 60)).trials[0].lease?.token },
      { service, token in
        try await service.tell("s", 1, .metrics(["loss": 0.1, "odd": .nan], leaseToken: token)).lease?.token
      },
      { service, _ in try await service.ask("s", AskRequest(count: 2, worker: "w")).trials[0].lease?.token },
      { service, _ in try await service.tell("s", 2, .metrics(["loss": -.infinity])).lease?.token },
      { service, _ in try await service.tell("s", 3, TrialResult(.failed(reason: "no memory"))).lease?.token },
      { service, _ in try await service.update("s", StudyPatch(labels: ["a": "b"]), revision: 0).study.name },
    ]
    var running = bench
    for step in steps {
      token = try await step(running.service, token)
      // The service that goes on is always one that has just been restarted after a crash.
      let before = try await state(running)
      running = try await running.afterCrash()
      let after = try await state(running)
      #expect(before.map(Self.visible) == after.map(Self.visible))
    }
    #expect(try await running.service.study("s").counts == [.completed: 1, .infeasible: 1, .failed: 1])
  }

  /// All of a trial as text, so that NaN is equal to itself.
  private static func visible(_ trial: Trial) -> String {
    let metrics = trial.measurement.map { "\($0.metrics.sorted { $0.key < $1.key })" } ?? "-"
    var trial = trial
    trial.measurement = nil
    trial.lease = nil
    return
      "\(trial.number) \(trial.state) \(trial.reason ?? "-") \(trial.parameters.json.text) \(trial.attempt) \(metrics) "
      + "\(trial.origin.json.text) \(trial.worker ?? "-") \(trial.createdAt) \(trial.startedAt)"
  }

  @Test("A worker that comes back after a restart gets its trial with the same token")
  func sameToken() async throws {
    let before = try await bench.ask("w")
    let next = try await bench.restarted()
    let after = try await next.ask("w")
    #expect(after.number == before.number && after.lease?.token == before.lease?.token)
  }

  @Test("The same events give the same suggestions after a restart, with a snapshot and without")
  func sameSuggestions() async throws {
    for round in 1...5 {
      let trial = try await bench.ask("w")
      _ = try await bench.service.tell("s", trial.number, .metrics(["loss": Double(round)]))
    }
    let folded = try await bench.afterCrash()
    #expect(try await folded.store.snapshot(of: 1) == nil)
    let restored = try await bench.restarted()
    #expect(try await restored.store.snapshot(of: 1)?.sequence == 10)
    let (a, b) = (try await folded.ask(), try await restored.ask())
    #expect(a.parameters == b.parameters && a.origin == b.origin)
  }

  @Test("A snapshot is taken up, and only the events after it are folded")
  func snapshotIsUsed() async throws {
    _ = try await bench.ask()
    let next = try await bench.restarted()
    // A snapshot that says something else than the log shows that it was believed.
    let forged = #"{"tuner": "digest", "state": {"digest": "abc"}, "progress": []}"#
    try await next.store.keep(StudySnapshot(sequence: 1, format: 2, payload: Array(forged.utf8)), of: 1)
    #expect(try await next.ask().origin.details == ["digest": "abc"])
  }

  private static func forgery(
    _ rest: String = #""progress": []"#, sequence: Int = 1, format: Int = 2, tuner: String = "digest",
    state: String = #"{"digest": "abc"}"#
  ) -> StudySnapshot {
    let text = #"{"tuner": "\#(tuner)", "state": \#(state), \#(rest)}"#
    return StudySnapshot(sequence: sequence, format: format, payload: Array(text.utf8))
  }

  @Test(
    "A snapshot that cannot be read, is of another form, tuner or place in the log is passed over",
    arguments: [
      StudySnapshot(sequence: 1, format: 2, payload: [0, 1, 2]),
      forgery(format: 1), forgery(tuner: "ladder"), forgery(state: #"{"digest": 5}"#), forgery(sequence: 9),
      forgery(#""stopping": null"#),
      forgery(#""progress": [{"trial": 1, "last": {}, "count": 1}]"#),
    ])
  func badSnapshot(snapshot: StudySnapshot) async throws {
    _ = try await bench.ask()
    let sound = try await bench.afterCrash().ask()
    let next = try await bench.afterCrash()
    try await next.store.keep(snapshot, of: 1)
    #expect(try await next.ask().origin == sound.origin)
  }

  @Test("A snapshot is written in the background once enough has happened")
  func background() async throws {
    for _ in 0..<10 { _ = try await bench.service.ask("s", AskRequest(count: 100)) }
    await bench.service.settle()
    #expect(try await bench.store.snapshot(of: 1)?.sequence == 1_000)
  }

  @Test("Times in the database that no clock would give do no harm", arguments: [Int64.min, .max])
  func extremeTimes(milliseconds: Int64) async throws {
    _ = try await bench.ask("w", seconds: 60)
    let next = try await bench.afterCrash()
    try await next.store.execute(
      "UPDATE trials SET lease_expires_at = \(milliseconds), started_at = \(-(milliseconds / 2))")
    let trial = try await next.ask("w")
    #expect(trial.number == 1)
    #expect(trial.lease.map { $0.expiresAt <= next.clock.now.advanced(bySeconds: 31_536_000) } == true)
  }

  @Test("A study whose tuner is no longer offered can be read and deleted, and says so when asked")
  func missingTuner() async throws {
    _ = try await bench.ask()
    let other = StudyService(
      store: bench.store, catalog: TunerCatalog([LadderTuner.self]), clock: bench.clock, sweepInterval: nil)
    await #expect(throws: StudyError.self) { try await other.ask("s", AskRequest()) }
    #expect(try await other.trial("s", 1).number == 1)
    try await other.delete("s", revision: nil)
  }

  @Test("The tuners of these tests keep the contract")
  func contract() throws {
    let space = try SearchSpace([Parameter("x", .int(IntDomain(1, 100)))])
    let study = try StudyDefinition("s", space: space, objectives: [Objective("loss", .minimise)])
    for type in [DigestTuner.self, LadderTuner.self] as [any Tuner.Type] {
      let contract = TunerContract(study) { () throws(TunerError) in try type.init(for: study) }
      #expect(try contract.violations() == [])
    }
  }
}
