import SQLiteStorage
import StudyOperations
import TestSupport
import Testing
import TuningModel

@Suite("Populations in the engine")
struct PopulationTests {
  private func create(
    _ bench: Bench, _ options: [String: JSONValue] = [:], retries: Int = 2
  ) async throws {
    let x = Parameter("x", .float(FloatDomain(0, 1)))
    let options = ["population_size": 2, "quantile": 0.5, "interval": 10].merging(options) { $1 }
    _ = try await bench.service.create(
      StudyDefinition(
        "s", space: try SearchSpace([x]), objectives: [Objective("loss", .minimise)],
        tuner: TunerChoice("population_based", seed: 11, options: options), budget: Budget(maxRetries: retries)))
  }

  private func tell(
    _ bench: Bench, _ trial: Trial, _ loss: Double = 1, step: Int? = nil, checkpoint: String? = "own"
  ) async throws -> Trial {
    let name = checkpoint == "own" ? "c\(trial.number)" : checkpoint
    return try await bench.service.tell(
      "s", trial.number,
      TrialResult(.completed(Measurement(["loss": loss], step: step, checkpoint: name)), leaseToken: trial.lease?.token)
    )
  }

  private func mistakes(_ body: () async throws -> Void) async -> [String] {
    do {
      try await body()
      return []
    } catch {
      return (error as? StudyError)?.mistakes.map(\.pointer) ?? ["\(error)"]
    }
  }

  @Test("A member's parts follow each other, and the one that trails goes on from the better one's state")
  func course() async throws {
    let bench = try await Bench()
    try await create(bench)
    let first = try await bench.ask()
    let second = try await bench.ask()
    #expect(first.resume == Resume(member: 0, generation: 0, stepFrom: 0, stepTo: 10))
    let none = try await bench.service.ask("s", AskRequest())
    #expect(none.shortfall == .awaitingResults)
    #expect(try await tell(bench, first, 1).measurement?.checkpoint == "c1")
    _ = try await tell(bench, second, 2)
    let third = try await bench.ask()
    let fourth = try await bench.ask()
    #expect(
      third.resume
        == Resume(member: 0, generation: 1, fromTrial: 1, checkpoint: "c1", stepFrom: 10, stepTo: 20))
    #expect(third.parameters == first.parameters)
    #expect(
      fourth.resume
        == Resume(member: 1, generation: 1, fromTrial: 1, checkpoint: "c1", stepFrom: 10, stepTo: 20))
    #expect(fourth.parameters != second.parameters)
    // What is stored is what was handed out, also to a service that begins anew.
    #expect(try await bench.service.trial("s", 4).resume == fourth.resume)
    let again = try await bench.restarted()
    #expect(try await again.service.trial("s", 1).measurement?.checkpoint == "c1")
    #expect(try await again.service.ask("s", AskRequest()).shortfall == .awaitingResults)
    _ = try await tell(again, third, 1)
    #expect(try await again.ask().resume?.fromTrial == 3)
    #expect(try await again.service.replay("s").allSatisfy { $0.outcome == .equal })
  }

  @Test("A part without a state to go on from is refused, unless it diverged")
  func withoutCheckpoint() async throws {
    let bench = try await Bench()
    try await create(bench)
    let trial = try await bench.ask()
    #expect(await mistakes { _ = try await tell(bench, trial, checkpoint: nil) } == ["/checkpoint"])
    #expect(await mistakes { _ = try await tell(bench, trial, checkpoint: "") } == ["/checkpoint"])
    #expect(await mistakes { _ = try await tell(bench, trial, checkpoint: "a\nb") } == ["/checkpoint"])
    #expect(try await tell(bench, trial, .nan, checkpoint: nil).state == .failed)
  }

  @Test("Steps outside of a part are refused", arguments: [-1, 0, 11])
  func steps(step: Int) async throws {
    let bench = try await Bench()
    try await create(bench)
    let trial = try await bench.ask()
    #expect(await mistakes { _ = try await tell(bench, trial, step: step) } == ["/step"])
    #expect(try await tell(bench, trial, step: 7).measurement?.step == 7)
    _ = try await tell(bench, try await bench.ask(), 2)
    let next = try await bench.ask()
    #expect(next.resume?.stepFrom == 7)
    #expect(await mistakes { _ = try await tell(bench, next, step: 7) } == ["/step"])
    let early = await mistakes {
      _ = try await bench.service.report(
        "s", next.number, Measurement(["loss": 1], step: 6), leaseToken: next.lease?.token ?? "")
    }
    #expect(early == ["/step"])
  }

  @Test("The same told again changes nothing, another state is a conflict")
  func repeated() async throws {
    let bench = try await Bench()
    try await create(bench)
    let trial = try await bench.ask()
    let told = try await tell(bench, trial, 1)
    #expect(try await tell(bench, trial, 1) == told)
    #expect(await bench.code { _ in _ = try await tell(bench, trial, 1, checkpoint: "other") } == .trialState)
    #expect(await bench.code { _ in _ = try await tell(bench, trial, 2) } == .trialState)
  }

  @Test("A lost part is handed out again as it was, and only its new holder may tell")
  func lostLease() async throws {
    let bench = try await Bench()
    try await create(bench)
    let lost = try await bench.ask(seconds: 10)
    bench.clock.advance(seconds: 11)
    let retried = try await bench.ask()
    #expect(retried.number == lost.number)
    #expect(retried.resume == lost.resume)
    #expect(retried.parameters == lost.parameters)
    #expect(await bench.code { _ in _ = try await tell(bench, lost) } == .leaseLost)
    #expect(try await tell(bench, retried).state == .completed)
  }

  @Test("A member that is lost for good goes on from a better one, so the population keeps its size")
  func rescue() async throws {
    let bench = try await Bench()
    try await create(bench, retries: 0)
    let first = try await bench.ask(seconds: 10)
    let second = try await bench.ask()
    bench.clock.advance(seconds: 11)
    _ = try await tell(bench, second, 5)
    let rescued = try await bench.ask()
    #expect(try await bench.service.trial("s", first.number).state == .failed)
    #expect(rescued.resume?.member == 0)
    #expect(rescued.resume?.fromTrial == second.number)
  }

  @Test("With random losses no part is held twice and every member goes on", arguments: [(8, 2), (100, 50)])
  func chaos(members: Int, workers: Int) async throws {
    let bench = try await Bench()
    try await create(bench, ["population_size": .integer(members)], retries: 1)
    var random = RandomStream(seed: 5, trial: members)
    var held: [Trial] = []
    for _ in 0..<(members * 3) {
      let wanted = workers - held.count
      if wanted > 0 { held += try await bench.service.ask("s", AskRequest(count: wanted, leaseSeconds: 60)).trials }
      #expect(Set(held.compactMap { $0.resume?.member }).count == held.count)
      let index = Int.random(in: held.indices, using: &random)
      let trial = held.remove(at: index)
      switch Int.random(in: 0..<8, using: &random) {
      case 0:
        _ = try await bench.service.tell(
          "s", trial.number, TrialResult(.failed(reason: nil), leaseToken: trial.lease?.token))
      case 1:
        _ = try await bench.service.requeue("s", trial.number, leaseToken: trial.lease?.token, reason: nil)
      case 2:
        bench.clock.advance(seconds: 61)
        held = []
      default: _ = try await tell(bench, trial, Double.random(in: 0...1, using: &random))
      }
    }
    let begun = try await bench.service.trials("s", state: nil, PageRequest(size: 1_000)).elements
      .reduce(into: [Int: Int]()) { $0[$1.resume?.member ?? -1, default: 0] += 1 }
    #expect(begun.count == members)
  }

  @Test("The schedule follows the states from the best trial to the first")
  func schedule() async throws {
    let bench = try await Bench()
    try await create(bench)
    #expect(try await bench.service.schedule("s") == nil)
    let first = try await bench.ask()
    let second = try await bench.ask()
    _ = try await tell(bench, first, 3)
    _ = try await tell(bench, second, 4)
    let third = try await bench.ask()
    let fourth = try await bench.ask()
    _ = try await tell(bench, third, 2)
    _ = try await tell(bench, fourth, 1)
    let schedule = try #require(try await bench.service.schedule("s"))
    #expect((schedule.trial, schedule.member, schedule.checkpoint, schedule.steps) == (4, 1, "c4", 20))
    #expect(schedule.lineage.map(\.trial) == [1, 4])
    #expect(
      schedule.stages == [
        ParameterSchedule.Stage(step: 0, first.parameters), ParameterSchedule.Stage(step: 10, fourth.parameters),
      ])
    // Equal neighbours are one stage.
    _ = try await bench.service.correct("s", 3, .completed(Measurement(["loss": 0.5])), revision: nil)
    let other = try #require(try await bench.service.schedule("s"))
    #expect(other.lineage.map(\.trial) == [1, 3])
    #expect(other.stages == [ParameterSchedule.Stage(step: 0, first.parameters)])
    #expect(other.checkpoint == "c3")
  }

  @Test("A replay trains through the schedule that was found, and its best has that schedule")
  func replay() async throws {
    let bench = try await Bench()
    try await create(bench)
    for loss in [3.0, 4, 2, 1] { _ = try await tell(bench, try await bench.ask(), loss) }
    let found = try #require(try await bench.service.schedule("s"))
    #expect(found.stages.count == 2)
    let replay = try await bench.service.createReplay(of: "s", as: "again", members: 2)
    #expect(replay.isNew && replay.summary.study.definition.labels == ["replay_of": "s"])
    #expect(try await bench.service.createReplay(of: "s", as: "again", members: 2).isNew == false)
    var loss = 9.0
    while let trial = try await bench.service.ask("again", AskRequest()).trials.first {
      loss -= 1
      _ = try await bench.service.tell(
        "again", trial.number,
        TrialResult(.completed(Measurement(["loss": loss], checkpoint: "r\(trial.number)"))))
    }
    let again = try #require(try await bench.service.schedule("again"))
    #expect(again.stages == found.stages)
    #expect(again.steps == found.steps)
    #expect(again.lineage.map(\.stepTo) == found.lineage.map(\.stepTo))
    let trials = try await bench.service.trials("again", state: nil, PageRequest()).elements
    #expect(trials.map { $0.resume?.member } == found.lineage.flatMap { _ in [0, 1] })
    #expect(try await bench.service.ask("again", AskRequest()).shortfall == .tunerFinished)
    #expect(try await bench.service.replay("again").allSatisfy { $0.outcome == .equal })
    #expect(try await bench.service.checkpoints("again", PageRequest()).elements.map(\.state).contains(.pinned))
  }

  @Test("There is no replay of nothing, nor of a trial that stands by itself")
  func noReplay() async throws {
    let bench = try await Bench()
    try await create(bench)
    #expect(await bench.code { _ = try await $0.createReplay(of: "s", as: "again") } == .trialNotFound)
    _ = try await bench.service.enqueue(
      "s", [EnqueuedTrial(["x": .float(0.5)], outcome: .completed(Measurement(["loss": 1], checkpoint: "c")))])
    #expect(await mistakes { _ = try await bench.service.createReplay(of: "s", as: "again") } == ["/schedule"])
  }

  @Test("A result told a second time with other numbers or a smaller step is refused, and the first stays")
  func wrongAgain() async throws {
    let bench = try await Bench()
    try await create(bench)
    let trial = try await bench.ask()
    let told = try await tell(bench, trial, 1, step: 7)
    for (loss, step, checkpoint) in [(2.0, 7, "c1"), (1, 6, "c1"), (1, 7, "other")] {
      #expect(
        await bench.code { _ in
          _ = try await tell(bench, trial, loss, step: step, checkpoint: checkpoint)
        } == .trialState)
    }
    #expect(try await bench.service.trial("s", trial.number) == told)
    _ = try await tell(bench, try await bench.ask(), 2)
    #expect(try await bench.ask().resume?.stepFrom == 7)
  }

  @Test("Steps that go back within a part are refused where they were not told before")
  func stepsBack() async throws {
    let bench = try await Bench()
    try await create(bench)
    let trial = try await bench.ask()
    func report(_ step: Int, _ loss: Double) async throws -> Decision {
      try await bench.service.report(
        "s", trial.number, Measurement(["loss": loss], step: step), leaseToken: trial.lease?.token ?? "")
    }
    _ = try await report(4, 1)
    _ = try await report(6, 0.5)
    #expect(await mistakes { _ = try await report(5, 0.7) } == ["/step"])
    #expect(await bench.code { _ in _ = try await report(6, 0.7) } == .reportConflict)
    #expect(try await report(6, 0.5) == .continue)
  }

  @Test("Checkpoints that nothing goes on from any more may be deleted, others may not")
  func checkpoints() async throws {
    let bench = try await Bench()
    try await create(bench, ["quantile": 0, "keep_checkpoints": 1, "population_size": 1])
    for loss in [1.0, 3, 2] { _ = try await tell(bench, try await bench.ask(), loss) }
    func states() async throws -> [KnownCheckpoint.State] {
      try await bench.service.checkpoints("s", PageRequest()).elements.map(\.state)
    }
    #expect(try await states() == [.pinned, .collectable, .pinned])
    #expect(await mistakes { try await bench.service.noteDeleted("s", ["c2", "c1"]) } == ["/deleted/1"])
    #expect(await mistakes { try await bench.service.noteDeleted("s", []) } == ["/deleted"])
    #expect(try await states() == [.pinned, .collectable, .pinned])
    for _ in 0..<2 { try await bench.service.noteDeleted("s", ["c2"]) }
    #expect(try await states() == [.pinned, .deleted, .pinned])
    let page = try await bench.service.checkpoints("s", PageRequest(size: 2))
    #expect(page.elements.map(\.step) == [10, 20])
    #expect(try await bench.service.checkpoints("s", PageRequest(size: 2, token: page.nextToken)).elements.count == 1)
    let again = try await bench.restarted()
    #expect(try await again.service.checkpoints("s", PageRequest()).elements.map(\.state)[1] == .deleted)
  }

  @Test("A state told while the list is read is never listed as one that may be deleted")
  func checkpointsUnderTells() async throws {
    let bench = try await Bench()
    try await create(bench, ["population_size": 1, "max_steps": 1_000])
    for _ in 0..<60 {
      let trial = try await bench.ask()
      async let told = tell(bench, trial)
      var isListed = false
      while !isListed {
        let newest = try await bench.service.checkpoints("s", PageRequest()).elements.last
        isListed = newest?.trial == trial.number
        if isListed { #expect(newest?.state == .pinned) }
      }
      _ = try await told
    }
  }

  @Test("A study whose tuner goes on from nothing keeps no checkpoints")
  func withoutCheckpoints() async throws {
    let bench = try await Bench()
    try await bench.create()
    #expect(await bench.code { _ = try await $0.checkpoints("s", PageRequest()) } == .unsupported)
    #expect(await bench.code { try await $0.noteDeleted("s", ["a"]) } == .unsupported)
    let trial = try await bench.ask()
    _ = try await bench.tell(trial.number)
    let schedule = try #require(try await bench.service.schedule("s"))
    #expect(schedule.stages == [ParameterSchedule.Stage(step: 0, trial.parameters)])
    #expect(schedule.steps == nil)
  }

  @Test("A long-lived worker is told to exploit; the decision is kept and given again")
  func longLived() async throws {
    let bench = try await Bench()
    try await create(bench, ["long_lived": true, "max_steps": 30])
    let first = try await bench.ask()
    let second = try await bench.ask()
    func report(_ bench: Bench, _ trial: Trial, _ step: Int, _ loss: Double) async throws -> Decision {
      try await bench.service.report(
        "s", trial.number, Measurement(["loss": loss], step: step, checkpoint: "c\(trial.number)-\(step)"),
        leaseToken: trial.lease?.token ?? "")
    }
    #expect(try await report(bench, first, 10, 1) == .continue)
    let decision = try await report(bench, second, 10, 2)
    guard case .exploit(let exploit) = decision else {
      Issue.record("it was told to \(decision.action)")
      return
    }
    #expect((exploit.fromTrial, exploit.checkpoint) == (first.number, "c1-10"))
    #expect(exploit.parameters != second.parameters)
    #expect(try await report(bench, second, 10, 2) == decision)
    let again = try await bench.restarted()
    #expect(try await report(again, second, 10, 2) == decision)
    _ = try await report(again, second, 20, 0.5)
    _ = try await tell(again, second, 0.25)
    let schedule = try #require(try await again.service.schedule("s"))
    #expect(schedule.lineage.map(\.trial) == [1, 2])
    #expect(schedule.lineage.map(\.stepTo) == [10, 30])
    #expect(schedule.stages.map(\.step) == [0, 10])
    #expect(schedule.stages.last?.parameters == exploit.parameters)
    let states = try await again.service.checkpoints("s", PageRequest()).elements
    #expect(states.contains { $0.checkpoint == "c1-10" && $0.state == .pinned })
  }

  @Test("What is logged and what is stored agree")
  func audit() async throws {
    let bench = try await Bench()
    try await create(bench)
    for loss in [1.0, 2, 3] { _ = try await tell(bench, try await bench.ask(), loss) }
    _ = try await bench.ask()
    await bench.service.shutdown()
    let check = try DatabaseFile(bench.folder.path("hone.db")).check(Bench.catalog)
    #expect(check.findings.isEmpty)
  }

  @Test("The toy of the paper reaches its optimum through the engine")
  func toy() async throws {
    let bench = try await Bench()
    let space = try SearchSpace(["h0", "h1"].map { Parameter($0, .float(FloatDomain(0, 1))) })
    _ = try await bench.service.create(
      StudyDefinition(
        "s", space: space, objectives: [Objective("q", .maximise)],
        tuner: TunerChoice(
          "population_based", seed: 3,
          options: [
            "population_size": 2, "interval": 4, "max_steps": 200,
            "initial_points": [["h0": 1, "h1": 0], ["h0": 0, "h1": 1]],
          ])))
    var states: [String: [Double]] = [:]
    while let trial = try await bench.service.ask("s", AskRequest()).trials.first {
      let resume = try #require(trial.resume)
      var θ = try resume.checkpoint.map { try #require(states[$0]) } ?? [0.9, 0.9]
      for _ in resume.stepFrom..<resume.stepTo {
        for i in 0..<2 { θ[i] -= 0.04 * (trial.parameters["h\(i)"]?.number ?? 0) * θ[i] }
      }
      states["c\(trial.number)"] = θ
      let q = 1.2 - θ[0] * θ[0] - θ[1] * θ[1]
      _ = try await bench.service.tell(
        "s", trial.number, TrialResult(.completed(Measurement(["q": q], checkpoint: "c\(trial.number)"))))
    }
    let best = try #require(try await bench.service.best("s")?.measurement?.metrics["q"])
    #expect(best >= 1.19)
    #expect(try #require(try await bench.service.schedule("s")?.steps) % 4 == 0)
  }
}
