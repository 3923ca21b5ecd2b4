import Bilevel
import Foundation
import Hone
import TestSupport
import Testing
import TuningModel

/// Gradients inside, a Gaussian process outside: a bilevel run is one trial of a Bayesian study.
@Suite("Bilevel runs as trials of a Bayesian study", .timeLimit(.minutes(2)))
struct MixedStudyTests {
  /// 90 rows of three features, of which one tells nothing.
  private func data() -> TabularData {
    var random = SplitMix64(seed: 11)
    let rows = (0..<90).map { _ in (0..<3).map { _ in Double.random(in: -1...1, using: &random) } }
    return TabularData(
      features: ["a", "b", "c"], rows: rows,
      targets: rows.map { 2 * $0[0] - $0[1] + Double.random(in: -1...1, using: &random) > 0 ? 1 : 0 },
      classes: ["no", "yes"])
  }

  /// Tunes the penalties by gradients from a start: what the study chooses is which weights share one, and the start.
  private func measure(_ parameters: Parameters) throws -> (TuningModel.Measurement, ObjectiveInterval) {
    guard case .string(let penalty)? = parameters["penalty"], let start = parameters["start"]?.number else {
      throw StudyError(.invalid, "no parameters")
    }
    var made = TabularProblem.Settings()
    made.penalty = penalty == "shared" ? .shared : .perFeature
    let problem = try TabularProblem(.logistic, of: data(), settings: made)
    var settings = BilevelRunSettings()
    settings.start = problem.folds[0].lower.hyperparameters.map { _ in start }
    settings.maximumAnswers = 30
    var run = try BilevelRun(problem.folds, settings: settings)
    try run.finish()
    let interval = try BilevelReport(run, of: problem).interval
    let halfWidth = (interval.up - interval.low) / 2
    return (TuningModel.Measurement(["loss": interval.up], standardErrors: ["loss": halfWidth]), interval)
  }

  @Test("The upper end of the interval is the objective, and half its width the standard error")
  func mixed() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hone-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let service = try await Hone.open(folder.appendingPathComponent("hone.db").path, durability: .relaxed)
    _ = try await service.create(
      StudyDefinition(
        "s",
        space: SearchSpace([
          Parameter("penalty", .categorical([.string("shared"), .string("per-feature")])),
          Parameter("start", .float(FloatDomain(-4, 2))),
        ]), objectives: [Objective("loss", .minimise)], tuner: TunerChoice("bayesian", seed: 2)))
    var told: [TrialNumber: TuningModel.Measurement] = [:]
    for _ in 0..<6 {
      let trial = try #require(try await service.ask("s", AskRequest(worker: "w")).trials.first)
      let (measurement, interval) = try measure(trial.parameters)
      #expect(interval.low <= interval.up && interval.certification != .heuristic)
      told[trial.number] = measurement
      _ = try await service.tell("s", trial.number, TrialResult(.completed(measurement)))
    }
    for trial in try await service.trials("s", state: .completed, PageRequest(size: 10)).elements {
      let expected = try #require(told[trial.number])
      #expect(trial.measurement?.metrics == expected.metrics)
      #expect(trial.measurement?.standardErrors == expected.standardErrors)
      #expect((expected.standardErrors["loss"] ?? -1) >= 0)
    }
    let best = try #require(try await service.best("s"))
    #expect(best.measurement?.metrics["loss"] == told.values.compactMap { $0.metrics["loss"] }.min())
    await service.shutdown()
  }

  @Test(
    "A run in process and a study whose trials get the same answers take the same way", arguments: ["maid", "hoag"])
  func samePath(tuner: String) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hone-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var made = TabularProblem.Settings()
    made.penalty = .perFeature
    let problem = try TabularProblem(.logistic, of: data(), settings: made).folds[0]
    var settings = BilevelRunSettings()
    (settings.tuner, settings.certify, settings.maximumAnswers) = (tuner, .off, 25)
    var run = try BilevelRun([problem], settings: settings)
    // What the run itself knows of the problem.
    var options: [String: JSONValue] = [
      "g_convex": true, "lower_bound_g": 0, "L_g": .number(try #require(problem.upper.greatestGradientLipschitz)),
    ]
    if tuner == "maid" {
      options.merge(["certify": "off", "fuse_gradient": true, "shrink_accuracy": 0.25, "grow_accuracy": 1.25]) { $1 }
    }
    let range = run.hyperparameters[0].range
    let service = try await Hone.open(folder.appendingPathComponent("hone.db").path, durability: .relaxed)
    _ = try await service.create(
      StudyDefinition(
        "s",
        space: SearchSpace([
          Parameter(
            "theta", .float(FloatDomain(range.lowerBound, range.upperBound, size: run.start.count)),
            default: .vector(run.start))
        ]), objectives: [Objective("loss", .minimise)],
        tuner: TunerChoice(tuner, seed: settings.seed, options: options)))
    var steps = 0
    while let step = try run.advance() {
      let trial = try #require(try await service.ask("s", AskRequest(worker: "w")).trials.first)
      #expect(trial.parameters["theta"] == .vector(step.theta))
      #expect(trial.request == step.request)
      _ = try await service.tell("s", trial.number, .oracle(try #require(step.answer)))
      steps += 1
    }
    #expect(steps > 5)
    await service.shutdown()
  }
}
