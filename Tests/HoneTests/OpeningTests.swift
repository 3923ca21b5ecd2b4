import Foundation
import Hone
import Testing

struct OpeningTests {
  private static func inFolder(_ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hone-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(folder.appendingPathComponent("hone.db").path)
  }

  private static func definition() throws -> StudyDefinition {
    try StudyDefinition(
      "s", space: SearchSpace([Parameter("x", .float(FloatDomain(0, 1)))]), objectives: [Objective("loss", .minimise)],
      tuner: TunerChoice("random", seed: 1))
  }

  @Test("What a program tells is there when it opens the database again")
  func reopening() async throws {
    try await Self.inFolder { path in
      let definition = try Self.definition()
      let first = try await Hone.open(path)
      _ = try await first.create(definition)
      let trial = try #require(try await first.ask("s", AskRequest(worker: "me")).trials.first)
      _ = try await first.tell("s", trial.number, .metrics(["loss": 0.5]))
      await first.shutdown()
      let second = try await Hone.open(path)
      #expect(try await second.best("s")?.parameters == trial.parameters)
      await second.shutdown()
    }
  }

  @Test("A program reports on the trials that it holds, and stops those that are to be stopped")
  func stopping() async throws {
    try await Self.inFolder { path in
      let studies = try await Hone.open(path)
      var definition = try Self.definition()
      definition.stopping = StoppingChoice("asha", options: ["reduction_factor": 2])
      _ = try await studies.create(definition)
      for trial in studies.held(try await studies.ask("s", AskRequest(count: 3)).trials, of: "s") {
        let loss = Double(trial.number)
        if try await trial.report(step: 1, ["loss": loss]) == .stop {
          #expect(try await trial.tell(.pruned(reason: nil, nil)).state == .pruned)
        } else {
          try await trial.tell(["loss": loss])
        }
      }
      #expect(try await studies.study("s").counts == [.completed: 1, .pruned: 2])
      await studies.shutdown()
    }
  }

  @Test("A database is held by one at a time")
  func exclusion() async throws {
    try await Self.inFolder { path in
      let first = try await Hone.open(path)
      await #expect { try await Hone.open(path) } throws: { ($0 as? StudyError)?.code == .databaseInUse }
      await first.shutdown()
    }
  }

  @Test("A first batch holds the user's default point once")
  func defaultInBatch() async throws {
    try await Self.inFolder { path in
      // The default is the space's centre, where the Bayesian tuner would begin by itself.
      let space = try SearchSpace([
        Parameter("x", .float(FloatDomain(0, 1)), default: .float(0.5)), Parameter("y", .float(FloatDomain(0, 1))),
      ])
      let studies = try await Hone.open(path)
      _ = try await studies.create(
        StudyDefinition("s", space: space, objectives: [Objective("loss", .minimise)], tuner: TunerChoice("bayesian")))
      let trials = try await studies.ask("s", AskRequest(count: 3)).trials
      #expect(trials.map(\.origin.tuner) == ["default", "bayesian", "bayesian"])
      #expect(Set(trials.map(\.parameters)).count == 3)
      await studies.shutdown()
    }
  }

  @Test("The catalog offers the Bayesian tuner first, and every name is its own")
  func catalog() {
    let names = TunerCatalog.standard.descriptions.map(\.name)
    #expect(
      names == [
        "bayesian", "quasi_random", "random", "population_based", "fixed_schedule", "hypergradient", "maid", "hoag",
        "f2sa", "bda", "pes", "es_single", "self_tuning",
      ])
  }
}
