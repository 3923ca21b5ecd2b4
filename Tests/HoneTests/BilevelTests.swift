import Foundation
import Hone
import TestSupport
import Testing

/// The tuners that ask oracles, through the engine and its database.
@Suite("Bilevel tuners through the engine", .timeLimit(.minutes(2)))
struct BilevelTests {
  private let problem = QuadraticBilevel()

  private func definition(_ tuner: String, _ options: [String: JSONValue] = [:]) throws -> StudyDefinition {
    try StudyDefinition(
      "s",
      space: SearchSpace([
        Parameter("theta", .float(FloatDomain(-10, 10, size: 3)), default: .vector([1, 1, 1]))
      ]), objectives: [Objective("loss", .minimise)], tuner: TunerChoice(tuner, seed: 5, options: options))
  }

  private func withFolder(_ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hone-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(folder.appendingPathComponent("hone.db").path)
  }

  /// What an oracle answers that is as inexact as it may be.
  private func answer(_ trial: Trial) throws -> OracleAnswer {
    guard case .vector(let theta)? = trial.parameters["theta"], let request = trial.request else {
      throw StudyError(.invalid, "no request")
    }
    let (eps, delta) = (request.eps ?? 0, request.delta ?? 0)
    let x = problem.inexactSolution(theta, eps: eps)
    let slope = zip(x, problem.target).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    return OracleAnswer(
      g: problem.loss(x, theta), gradGNorm: slope,
      z: problem.gradient(theta, at: x, residual: problem.residual(theta, delta: delta)),
      zSigma: request.turn?.sigmas, epsHat: eps, deltaHat: delta)
  }

  private func finish(_ service: StudyService, atMost most: Int = 400) async throws -> AskAnswer {
    for _ in 0..<most {
      let asked = try await service.ask("s", AskRequest(worker: "w"))
      guard let trial = asked.trials.first else { return asked }
      _ = try await service.tell("s", trial.number, .oracle(try answer(trial)))
    }
    return AskAnswer([], state: .active)
  }

  private func path(_ service: StudyService) async throws -> [Parameters] {
    try await service.trials("s", state: nil, PageRequest(size: 1_000)).elements.map(\.parameters)
  }

  private var constants: [String: JSONValue] {
    [
      "L_g": 1, "g_convex": true, "mu": .number(problem.mu), "J_norm": .number(problem.couplingNorm), "L_J": 0,
      "L_Hinv": 0,
    ]
  }

  @Test(
    "A study that is closed and opened between any two calls takes the same way",
    arguments: ["maid", "hypergradient", "self_tuning"])
  func restarts(tuner: String) async throws {
    let options = tuner == "self_tuning" ? ["warm_up_steps": 4, "warm_up_interval": 3] : constants
    let definition = try definition(tuner, options.merging(["max_steps": 6]) { $1 })
    var expected: [Parameters] = []
    var end = AskAnswer([], state: .active)
    try await withFolder { path in
      let service = try await Hone.open(path, durability: .relaxed)
      _ = try await service.create(definition)
      end = try await finish(service)
      expected = try await self.path(service)
      #expect(try await service.replay("s").allSatisfy { $0.outcome == .equal })
      await service.shutdown()
    }
    #expect(end.shortfall == .tunerFinished)
    #expect(end.detail?.isEmpty == false)
    try await withFolder { path in
      var service = try await Hone.open(path, durability: .relaxed)
      _ = try await service.create(definition)
      for _ in expected {
        let asked = try await service.ask("s", AskRequest(worker: "w")).trials.first
        await service.shutdown()
        service = try await Hone.open(path, durability: .relaxed)
        // The worker asks again, as after a fall of its own, and gets the trial that it holds.
        let again = try #require(try await service.ask("s", AskRequest(worker: "w")).trials.first)
        #expect(again.number == asked?.number && again.request == asked?.request)
        _ = try await service.tell("s", again.number, .oracle(try answer(again)))
        await service.shutdown()
        service = try await Hone.open(path, durability: .relaxed)
      }
      #expect(try await self.path(service) == expected)
      #expect(try await service.ask("s", AskRequest()).detail == end.detail)
      await service.shutdown()
    }
  }

  @Test("The best trial has the certified interval that holds the true objective")
  func best() async throws {
    try await withFolder { path in
      let service = try await Hone.open(path, durability: .relaxed)
      _ = try await service.create(try definition("maid", constants))
      _ = try await finish(service)
      let best = try #require(try await service.best("s"))
      let interval = try #require(best.measurement?.interval)
      guard case .vector(let theta)? = best.parameters["theta"] else { return #expect(Bool(false), "no theta") }
      #expect(best.measurement?.metrics["loss"] == interval.up)
      #expect(interval.low <= problem.value(theta) && problem.value(theta) <= interval.up)
      await service.shutdown()
    }
  }

  @Test("Every tuner that asks oracles is in the catalog, and works on a study from its name alone")
  func catalog() async throws {
    let names = TunerCatalog.standard.descriptions.filter { !$0.requests.isEmpty }.map(\.name)
    #expect(names == ["hypergradient", "maid", "hoag", "f2sa", "bda", "pes", "es_single", "self_tuning"])
    for name in names {
      try await withFolder { path in
        let service = try await Hone.open(path, durability: .relaxed)
        _ = try await service.create(try definition(name))
        let trial = try #require(try await service.ask("s", AskRequest()).trials.first)
        #expect(trial.request != nil)
        _ = try await service.tell("s", trial.number, .oracle(try answer(trial)))
        await service.shutdown()
      }
    }
  }

  @Test("A study that names no tuner does not get one that asks oracles")
  func standard() throws {
    var definition = try definition("random")
    definition.tuner.name = nil
    let made = try TunerCatalog.standard.tuner(for: definition)
    #expect(type(of: made).description.requests.isEmpty)
  }
}
