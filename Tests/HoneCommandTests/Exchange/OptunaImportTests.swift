import Foundation
import HoneCommand
import SQLiteStorage
import Testing
import TuningModel

struct OptunaImportTests {
  private static let x =
    #"{"name": "FloatDistribution", "attributes": {"low": 0, "high": 1, "log": false, "step": null}}"#
  private static let layers =
    #"{"name": "IntDistribution", "attributes": {"low": 1, "high": 4, "log": false, "step": 1}}"#
  private static let kind = #"{"name": "CategoricalDistribution", "attributes": {"choices": ["a", null, "c"]}}"#

  /// A study of completed trials, each with these parameters and the value 1.
  private static func study(_ points: [[OptunaParameter]]) -> OptunaStudy {
    OptunaStudy(
      "s", directions: [.minimize],
      trials: points.enumerated().map { number, parameters in
        var trial = OptunaTrial(number, .complete)
        trial.parameters = parameters
        trial.values = [0: 1]
        return trial
      })
  }

  private static func plan(_ study: OptunaStudy) throws -> ImportPlan { try OptunaImport.plan(study, .init()) }

  @Test("A parameter that was asked for in one branch alone depends on the choice that opens it")
  func condition() throws {
    let plan = try Self.plan(
      Self.study([
        [OptunaParameter("kind", 0, distribution: Self.kind), OptunaParameter("x", 0.5, distribution: Self.x)],
        [OptunaParameter("kind", 1, distribution: Self.kind)], [OptunaParameter("kind", 2, distribution: Self.kind)],
        [OptunaParameter("kind", 0, distribution: Self.kind), OptunaParameter("x", 0.1, distribution: Self.x)],
      ]))
    #expect(plan.definition.space["x"]?.condition == Condition("kind", isOneOf: [.string("a")]))
    #expect(plan.trials.count == 4)
    #expect(plan.refused.isEmpty)
  }

  @Test("A parameter that depends on a number of layers takes part for the numbers beyond, seen or not")
  func numberOfLayers() throws {
    func point(_ layers: Double, _ x: Bool) -> [OptunaParameter] {
      [OptunaParameter("layers", layers, distribution: Self.layers)]
        + (x ? [OptunaParameter("x", 0.5, distribution: Self.x)] : [])
    }
    let plan = try Self.plan(Self.study([point(1, false), point(2, true), point(3, true)]))
    #expect(plan.definition.space["x"]?.condition == Condition("layers", isOneOf: [.int(2), .int(3), .int(4)]))
  }

  @Test("Trials that lack a parameter for no known reason are left out, and the reason names it")
  func unexplained() throws {
    let plan = try Self.plan(
      Self.study([
        [OptunaParameter("kind", 0, distribution: Self.kind), OptunaParameter("x", 0.5, distribution: Self.x)],
        [OptunaParameter("kind", 0, distribution: Self.kind)],
      ]))
    #expect(plan.trials.count == 1)
    #expect(plan.refused.map(\.source) == ["trial 1"])
    #expect(plan.refused.first?.reason.contains("x") == true)
  }

  @Test("Of several ranges a parameter has the one that holds them all")
  func widening() throws {
    let wide = #"{"name": "FloatDistribution", "attributes": {"low": -2, "high": 0.5, "log": false, "step": null}}"#
    let plan = try Self.plan(
      Self.study([[OptunaParameter("x", 0.5, distribution: Self.x)], [OptunaParameter("x", -1, distribution: wide)]]))
    #expect(plan.definition.space["x"]?.domain == .float(FloatDomain(-2, 1)))
    #expect(plan.trials.count == 2)
  }

  @Test("A parameter of two kinds is refused by its name")
  func twoKinds() throws {
    let error = #expect(throws: CommandFailure.self) {
      try Self.plan(
        Self.study([
          [OptunaParameter("x", 0.5, distribution: Self.x)], [OptunaParameter("x", 0, distribution: Self.kind)],
        ]))
    }
    #expect(error?.message.contains("\"x\"") == true)
  }

  @Test("Distributions of Optuna's first versions are read")
  func oldDistributions() throws {
    let log = try OptunaDistribution(
      text: #"{"name": "LogUniformDistribution", "attributes": {"low": 0.1, "high": 1.0}}"#)
    #expect(log == .float(low: 0.1, high: 1, log: true, step: nil))
    let steps = try OptunaDistribution(
      text: #"{"name": "DiscreteUniformDistribution", "attributes": {"low": 0, "high": 1, "q": 0.5}}"#)
    #expect(steps == .float(low: 0, high: 1, log: false, step: 0.5))
    let whole = try OptunaDistribution(
      text: #"{"name": "IntUniformDistribution", "attributes": {"low": 0, "high": 6, "step": 2}}"#)
    #expect(whole == .int(low: 0, high: 6, log: false, step: 2))
  }

  @Test("A distribution is written as it was read", arguments: [Self.x, Self.layers, Self.kind])
  func distributions(text: String) throws {
    let distribution = try OptunaDistribution(text: text)
    #expect(try OptunaDistribution(text: distribution.text) == distribution)
  }

  @Test(
    "What is no distribution is refused",
    arguments: [
      "", "{}", "[]", #"{"name": "NormalDistribution", "attributes": {}}"#,
      #"{"name": "FloatDistribution", "attributes": {"low": 0}}"#,
      #"{"name": "IntDistribution", "attributes": {"low": 0.5, "high": 1}}"#,
      #"{"name": "IntDistribution", "attributes": {"low": 0, "high": 1e300}}"#,
      #"{"name": "CategoricalDistribution", "attributes": {"choices": [[1]]}}"#,
      #"{"name": "CategoricalDistribution", "attributes": {"choices": [null, "null"]}}"#,
    ])
  func noDistribution(text: String) {
    #expect(throws: OptunaDistribution.Problem.self) { try OptunaDistribution(text: text) }
  }

  @Test("Running trials, and those that fix only some parameters, are left out")
  func openTrials() throws {
    var study = Self.study([
      [OptunaParameter("x", 0.5, distribution: Self.x), OptunaParameter("kind", 0, distribution: Self.kind)]
    ])
    var (running, whole, part) = (OptunaTrial(1, .running), OptunaTrial(2, .waiting), OptunaTrial(3, .waiting))
    running.parameters = study.trials[0].parameters
    whole.systemAttributes["fixed_params"] = #"{"x": 0.25, "kind": null}"#
    part.systemAttributes["fixed_params"] = #"{"x": 0.25}"#
    study.trials += [running, whole, part]
    let plan = try Self.plan(study)
    #expect(plan.refused.map(\.source) == ["trial 1", "trial 3"])
    #expect(plan.trials.last?.trial == EnqueuedTrial(["x": .float(0.25), "kind": .string("null")]))
  }

  @Test("A pruned trial has its last intermediate value, and all of them as measurements")
  func pruned() throws {
    var study = Self.study([[OptunaParameter("x", 0.5, distribution: Self.x)]])
    study.trials[0].state = .pruned
    study.trials[0].values = [:]
    study.trials[0].intermediateValues = [1: 3, 0: 5]
    let trial = try #require(try Self.plan(study).trials.first?.trial)
    #expect(trial.outcome == .pruned(reason: "pruned in Optuna", Measurement(["value": 3], step: 1)))
    #expect(trial.measurements == [Measurement(["value": 5], step: 0), Measurement(["value": 3], step: 1)])
  }

  @Test("Names that are none here are changed, and an export has them again")
  func names() throws {
    let plan = try Self.plan(Self.study([[OptunaParameter("model/x", 0.5, distribution: Self.x)]]))
    #expect(plan.definition.space.parameters.map(\.name) == ["model_x"])
    let study = Study(
      definition: plan.definition, seed: 1, tunerName: "random", createdAt: Timestamp(milliseconds: 0))
    let trial = Trial(
      number: 1, state: .completed, parameters: ["model_x": .float(0.5)],
      origin: SuggestionOrigin(tuner: "user", history: 0),
      measurement: Measurement(["value": 1]), createdAt: Timestamp(milliseconds: 0),
      startedAt: Timestamp(milliseconds: 0))
    let export = OptunaExport(study, [trial])
    #expect(export.study.trials.first?.parameters.map(\.name) == ["model/x"])
    #expect(export.study.userAttributes.isEmpty)
  }
}
