import Foundation
import HoneClient
import Testing
import TuningModel

/// The same test bodies over the embedded engine and over the client of a server.
@Suite("Embedded or remote, studies behave alike")
struct SameBehaviourTests {
  enum Way: CaseIterable { case embedded, remote }

  private func run(_ way: Way, _ body: (any StudyClient) async throws -> Void) async throws {
    try await RunningServer.run { server in
      try await body(way == .embedded ? server.studies : try server.client())
    }
  }

  private func definition(
    _ name: String, stopping: StoppingChoice? = nil, budget: Budget = Budget()
  ) throws -> StudyDefinition {
    let space = try SearchSpace(
      [
        Parameter("lr", .float(FloatDomain(0.001, 1, scale: .log))),
        Parameter("width", .float(FloatDomain(1, 4, step: 1))), Parameter("layers", .int(IntDomain(1, 3))),
        Parameter("amp", .bool), Parameter("batch", .ordinal([.int(32), .int(64)])),
        Parameter("optimizer", .categorical([.string("sgd"), .string("adam")])),
        Parameter(
          "momentum", .float(FloatDomain(0, 1, step: 0.5)), when: Condition("optimizer", isOneOf: [.string("sgd")])),
        Parameter("mixture", .float(FloatDomain(0, 2, step: 1, size: 2))),
      ], constraints: [])
    return try StudyDefinition(
      name, space: space, objectives: [Objective("loss", .minimise)], tuner: TunerChoice("uniform", seed: 7),
      stopping: stopping, budget: budget, labels: ["team": "vision"])
  }

  @Test("Predictions are the same, and so is their refusal", arguments: Way.allCases)
  func predictions(_ way: Way) async throws {
    try await run(way) { studies in
      let definition = try definition("p")
      _ = try await studies.create(definition)
      let point = definition.space.centre
      let early = await error { _ = try await studies.predict("p", at: [point]) }
      #expect(early?.code == .noModelYet)
      _ = try await studies.ask("p", AskRequest(count: 2))
      _ = try await studies.tell("p", 1, .metrics(["loss": 0.25]))
      let predictions = try await studies.predict("p", at: [point, point])
      #expect(
        predictions
          == Predictions(
            [Prediction(mean: 0.25, standardDeviation: 0.5), Prediction(mean: 0.25, standardDeviation: 0.5)],
            history: 3, observations: 1))
      let outside = await error { _ = try await studies.predict("p", at: [point, ["lr": .float(7)]]) }
      #expect(outside?.code == .invalid)
      #expect(outside?.mistakes.contains { $0.pointer == "/points/1/lr" } == true)
      let many = await error { _ = try await studies.predict("p", at: Array(repeating: point, count: 1_001)) }
      #expect(many?.mistakes.map(\.pointer) == ["/points"])
    }
  }

  @Test("The importance of parameters is the same, and so is its refusal", arguments: Way.allCases)
  func importance(_ way: Way) async throws {
    try await run(way) { studies in
      let definition = try definition("i")
      _ = try await studies.create(definition)
      let early = await error { _ = try await studies.importance("i", ImportanceSelection()) }
      #expect(early?.code == .noModelYet)
      let trials = (1...12).map { index in
        EnqueuedTrial(
          definition.space.centre.merging(["layers": .int(1 + index % 3)]) { $1 },
          outcome: .completed(Measurement(["loss": Double(index % 3)])))
      }
      _ = try await studies.enqueue("i", trials)
      let report = try await studies.importance("i", ImportanceSelection(metric: "loss", best: 0.9))
      #expect(report.share == 0.9 && report.trials == 12)
      #expect(report.parameters.first?.parameters == ["layers"])
      #expect(report.parameters.count == 8)
      let strange = await error { _ = try await studies.importance("i", ImportanceSelection(metric: "speed")) }
      #expect(strange?.code == .invalid && strange?.mistakes.map(\.pointer) == ["/metric"])
      let none = await error { _ = try await studies.importance("i", ImportanceSelection(best: 2)) }
      #expect(none?.mistakes.map(\.pointer) == ["/best"])
    }
  }

  @Test("Trials are enqueued, told together, corrected, excluded and listed in order", arguments: Way.allCases)
  func writes(_ way: Way) async throws {
    try await run(way) { studies in
      let definition = try definition("w", budget: Budget(maxTrials: 3))
      _ = try await studies.create(definition)
      let point = definition.space.centre
      let added = try await studies.enqueue(
        "w",
        [
          EnqueuedTrial(point),
          EnqueuedTrial(point, outcome: .completed(Measurement(["loss": 3], step: 4, standardErrors: ["loss": 0.5]))),
          EnqueuedTrial(point, outcome: .infeasible(reason: "no")),
          EnqueuedTrial(point, outcome: .pruned(reason: nil, nil)),
        ])
      #expect(added.map(\.state) == [.waiting, .completed, .infeasible, .pruned])
      #expect(added.allSatisfy { $0.parameters == point })
      let asked = try await studies.ask("w", AskRequest(count: 3, worker: "a")).trials
      #expect(asked.map(\.number) == [1, 5, 6])
      let told = try await studies.tell(
        "w",
        [
          ToldResult(5, .metrics(["loss": 1], leaseToken: asked[1].lease?.token)),
          ToldResult(1, .metrics(["loss": 2])),
        ])
      #expect(told.map(\.number) == [5, 1])
      #expect(try await studies.history("w").improvements.map(\.value) == [3, 2, 1])
      let byValue = TrialSelection(states: [.completed, .running], order: TrialOrder(.value))
      let first = try await studies.trials("w", byValue, PageRequest(size: 2))
      #expect(first.elements.map(\.number) == [5, 1])
      let rest = try await studies.trials("w", byValue, PageRequest(size: 2, token: first.nextToken))
      #expect(rest.elements.map(\.number) == [2, 6] && rest.nextToken == nil)
      let corrected = try await studies.correct(
        "w", 1, .completed(Measurement(["loss": 0.5])), revision: told[1].revision)
      #expect(corrected.revision == told[1].revision + 1)
      #expect(try await studies.best("w") == corrected)
      let stale = await error { _ = try await studies.exclude("w", 1, revision: told[1].revision) }
      #expect(stale?.code == .revisionConflict)
      let excluded = try await studies.exclude("w", 1, revision: nil)
      #expect(excluded.excludedAt != nil)
      #expect(try await studies.trial("w", 1) == excluded)
      #expect(try await studies.pareto("w", PageRequest()).elements.map(\.number) == [5])
      let held = await error { _ = try await studies.exclude("w", 6, revision: nil) }
      #expect(held?.code == .trialState && held?.trial?.number == 6)
    }
  }

  @Test("A study lives from its creation to its end", arguments: Way.allCases)
  func wholeLife(_ way: Way) async throws {
    try await run(way) { studies in
      let definition = try definition("life", budget: Budget(maxTrials: 4, maxParallel: 3))
      let created = try await studies.create(definition)
      #expect(created.isNew)
      #expect(created.summary.study.definition == definition)
      #expect(created.summary.study.seed == 7)
      #expect(created.summary.study.tunerName == "uniform")
      #expect(created.summary.counts == [:])
      let again = try await studies.create(definition)
      #expect(!again.isNew)
      #expect(again.summary == created.summary)
      #expect(try await studies.best("life") == nil)

      let asked = try await studies.ask("life", AskRequest(count: 3, worker: "w", leaseSeconds: 60))
      #expect(asked.trials.map(\.number) == [1, 2, 3])
      #expect(asked.shortfall == nil)
      let repeated = try await studies.ask("life", AskRequest(count: 3, worker: "w", leaseSeconds: 60))
      #expect(repeated.trials.map(\.lease?.token) == asked.trials.map(\.lease?.token))
      #expect(repeated.trials.map(\.parameters) == asked.trials.map(\.parameters))
      let full = try await studies.ask("life", AskRequest())
      #expect(full.trials == [])
      #expect(full.shortfall == .parallelLimit)

      let tokens = asked.trials.compactMap(\.lease?.token)
      let told = try await studies.tell(
        "life", 1,
        TrialResult(
          .completed(Measurement(["loss": 0.5, "time": 3], step: 9, standardErrors: ["loss": 0.1])),
          leaseToken: tokens[0]))
      #expect(told.state == .completed)
      #expect(told.measurement == Measurement(["loss": 0.5, "time": 3], step: 9, standardErrors: ["loss": 0.1]))
      #expect(told.lease == nil)
      #expect(try await studies.trial("life", 1) == told)
      #expect(try await studies.best("life") == told)
      let infinite = try await studies.tell("life", 2, .metrics(["loss": .infinity], leaseToken: tokens[1]))
      #expect(infinite.state == .infeasible)
      #expect(infinite.reason == TrialReason.notFinite)
      #expect(infinite.measurement?.metrics == ["loss": .infinity])
      let extended = try await studies.heartbeat("life", 3, leaseToken: tokens[2], seconds: 90)
      #expect(extended.lease?.token == tokens[2])
      let back = try await studies.requeue("life", 3, leaseToken: tokens[2], reason: "moved")
      #expect(back.state == .waiting)
      #expect(back.reason == "moved")
      let taken = try await studies.ask("life", AskRequest(worker: "v"))
      #expect(taken.trials.map(\.number) == [3])
      #expect(taken.trials.map(\.attempt) == [2])
      let failed = try await studies.tell(
        "life", 3, TrialResult(.failed(reason: "burnt"), leaseToken: taken.trials.first?.lease?.token))
      #expect(failed.state == .failed)
      #expect(failed.reason == "burnt")

      let summary = try await studies.study("life")
      #expect(summary.counts == [.completed: 1, .infeasible: 1, .failed: 1])
      let paused = try await studies.update("life", StudyPatch(state: .paused), revision: summary.study.revision)
      #expect(paused.study.state == .paused)
      #expect(paused.study.revision == summary.study.revision + 1)
      #expect(try await studies.ask("life", AskRequest()).shortfall == .paused)
      try await studies.delete("life", revision: paused.study.revision)
      #expect(await error { _ = try await studies.study("life") }?.code == .studyNotFound)
    }
  }

  @Test("Values have the types of their parameters", arguments: Way.allCases)
  func types(_ way: Way) async throws {
    try await run(way) { studies in
      let definition = try definition("types")
      _ = try await studies.create(definition)
      let asked = try await studies.ask("types", AskRequest(count: 40)).trials
      #expect(asked.contains { $0.parameters["width"] == .float(2) }, "a whole number that is a float")
      #expect(asked.contains { $0.parameters["mixture"] == .vector([1, 1]) })
      for trial in asked {
        #expect(try definition.space.values(trial.parameters.json) == trial.parameters)
      }
      let listed = try await studies.trials("types", state: .running, PageRequest(size: 1_000)).elements
      #expect(listed.map(\.parameters) == asked.map(\.parameters))
    }
  }

  @Test("Lists come in pages", arguments: Way.allCases)
  func pages(_ way: Way) async throws {
    try await run(way) { studies in
      for name in ["c", "a", "b"] { _ = try await studies.create(try definition(name)) }
      let first = try await studies.studies(PageRequest(size: 2))
      #expect(first.elements.map(\.name) == ["a", "b"])
      let last = try await studies.studies(PageRequest(size: 2, token: first.nextToken))
      #expect(last.elements.map(\.name) == ["c"])
      #expect(last.nextToken == nil)
      _ = try await studies.ask("a", AskRequest(count: 5))
      _ = try await studies.tell("a", 3, .metrics(["loss": 1]))
      var numbers: [TrialNumber] = []
      var token: String?
      repeat {
        let page = try await studies.trials("a", state: .running, PageRequest(size: 3, token: token))
        numbers += page.elements.map(\.number)
        token = page.nextToken
      } while token != nil
      #expect(numbers == [1, 2, 4, 5])
    }
  }

  @Test("Reports are decided on, and a trial that is told to stop ends pruned", arguments: Way.allCases)
  func reports(_ way: Way) async throws {
    try await run(way) { studies in
      let definition = try definition("r", stopping: StoppingChoice("asha", options: ["reduction_factor": 2]))
      #expect(try await studies.create(definition).summary.study.definition.stopping == definition.stopping)
      let trials = studies.held(try await studies.ask("r", AskRequest(count: 3)).trials, of: "r")
      #expect(try await trials[0].report(step: 1, ["loss": 1], checkpoint: "c1") == .continue)
      #expect(try await trials[0].report(step: 2, ["loss": .nan], standardErrors: ["loss": 0.5]) == .continue)
      #expect(try await trials[1].report(step: 1, ["loss": 2]) == .stop)
      #expect(try await trials[1].report(step: 1, ["loss": 2]) == .stop)
      #expect(try await studies.trial("r", 2).state == .stopping)
      let conflict = await error { try await trials[1].report(step: 1, ["loss": 3]) }
      #expect(conflict?.code == .reportConflict)
      #expect(conflict?.trial?.measurements == [Measurement(["loss": 2], step: 1)])
      #expect(conflict?.trial?.parameters == trials[1].parameters)
      let over = await error { try await trials[0].report(step: 0, ["loss": 3]) }
      #expect(over?.code == .invalid && over?.mistakes.map(\.pointer) == ["/step"])

      let pruned = try await trials[1].tell(.pruned(reason: nil, nil))
      #expect(pruned.state == .pruned && pruned.reason == "stopped")
      #expect(pruned.measurement == Measurement(["loss": 2], step: 1))
      let own = try await trials[2].tell(.pruned(reason: "dull", Measurement(["loss": 9])))
      #expect(own.state == .pruned && own.reason == "dull" && own.measurement == Measurement(["loss": 9]))
      try await trials[0].tell(["loss": 0.5])
      let read = try await studies.trial("r", 1).measurements
      #expect(read.map(\.step) == [1, 2] && read[0].checkpoint == "c1")
      #expect(read[1].metrics["loss"]?.isNaN == true && read[1].standardErrors == ["loss": 0.5])
      let listed = try await studies.trials("r", TrialSelection(withMeasurements: true), PageRequest()).elements
      #expect(listed.map(\.measurements.count) == [2, 1, 0])
      #expect(try await studies.trials("r", state: nil, PageRequest()).elements.allSatisfy { $0.measurements.isEmpty })
      #expect(try await studies.study("r").counts == [.completed: 1, .pruned: 2])
      #expect(try await studies.best("r")?.number == 1)
    }
  }

  @Test("Errors are the same", arguments: Way.allCases)
  func errors(_ way: Way) async throws {
    try await run(way) { studies in
      let definition = try definition("one")
      _ = try await studies.create(definition)
      let asked = try await studies.ask("one", AskRequest()).trials[0]
      _ = try await studies.tell("one", 1, .metrics(["loss": 1]))
      let other = try StudyDefinition(
        "one", space: definition.space, objectives: [Objective("loss", .maximise)], tuner: TunerChoice("uniform"))
      var foreign = definition
      foreign.name = "foreign"
      foreign.tuner.name = "oracle"
      let unknownTuner = foreign

      let exists = await error { _ = try await studies.create(other) }
      #expect(exists?.code == .studyExists)
      let unsupported = await error { _ = try await studies.create(unknownTuner) }
      #expect(unsupported?.code == .unsupported)
      #expect(unsupported?.mistakes.map(\.pointer) == ["/tuner/name"])
      #expect(unsupported?.mistakes.map(\.kind) == [.support])
      let noTrial = await error { _ = try await studies.trial("one", 9) }
      #expect(noTrial == StudyError(.trialNotFound, "There is no trial 9 in the study \"one\"."))
      let noStudy = await error { _ = try await studies.ask("a/b ü", AskRequest()) }
      #expect(noStudy == StudyError(.studyNotFound, "There is no study \"a/b ü\"."))
      let conflict = await error {
        _ = try await studies.tell("one", 1, .metrics(["loss": 2]))
      }
      #expect(conflict?.code == .trialState)
      #expect(conflict?.trial?.parameters == asked.parameters)
      #expect(conflict?.trial?.measurement == Measurement(["loss": 1]))
      let invalid = await error {
        _ = try await studies.ask("one", AskRequest(count: 0, worker: ""))
      }
      #expect(invalid?.code == .invalid)
      #expect(invalid?.mistakes.map(\.pointer) == ["/count", "/worker"])
      let revision = await error { try await studies.delete("one", revision: 5) }
      #expect(revision?.code == .revisionConflict)
      let ended = await error {
        _ = try await studies.heartbeat("one", 1, leaseToken: asked.lease?.token ?? "", seconds: nil)
      }
      #expect(ended?.code == .trialState)
      let page = await error { _ = try await studies.studies(PageRequest(size: 0)) }
      #expect(page?.code == .invalid)
      #expect(page?.mistakes.map(\.pointer) == ["/page_size"])
    }
  }
}
