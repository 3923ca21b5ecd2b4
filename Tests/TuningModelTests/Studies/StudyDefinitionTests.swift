import Testing
import TuningModel

@Suite("Study definitions")
struct StudyDefinitionTests {
  static let full = #"""
    {"name": "resnet",
     "parameters": [
       {"name": "lr", "type": "float", "low": 1e-5, "high": 0.1, "log": true, "default": 0.001},
       {"name": "layers", "type": "int", "low": 1, "high": 8},
       {"name": "batch", "type": "ordinal", "values": [32, 64, 128]},
       {"name": "amp", "type": "bool"},
       {"name": "weights", "type": "float", "size": 3, "low": 0, "high": 1, "step": 0.25},
       {"name": "optimizer", "type": "categorical", "choices": ["sgd", "adam"]},
       {"name": "momentum", "type": "float", "low": 0, "high": 0.99, "when": {"optimizer": ["sgd"]}}],
     "parameter_constraints": ["2 * layers + batch <= 140"],
     "objectives": [{"metric": "loss", "goal": "minimize"}],
     "outcome_constraints": [{"metric": "latency_ms", "at_most": 40}],
     "tuner": {"name": "bayesian", "acquisition": "log_ei", "seed": 7, "reproducible": false, "max_wait_ms": 50},
     "budget": {"max_trials": 200, "max_parallel": 16, "trial_timeout_seconds": 3600, "max_retries": 2},
     "noise": "auto", "labels": {"team": "vision"}}
    """#

  @Test("A definition with everything in it is read, and its JSON is read back to an equal one")
  func roundTrip() throws {
    let definition = try StudyDefinition(JSONValue(text: Self.full))
    #expect(definition.space.parameters.count == 7)
    #expect(definition.space.constraints.first?.coefficients == ["layers": 2, "batch": 1])
    #expect(definition.tuner.options == ["acquisition": "log_ei"])
    #expect(definition.tuner.maxWaitMilliseconds == 50)
    #expect(definition.budget.maxTrials == 200)
    #expect(definition.requiredMetrics == ["latency_ms", "loss"])
    #expect(try StudyDefinition(definition.json) == definition)
  }

  @Test(
    "Mistakes outside the space are found where they are",
    arguments: [
      (#""goal": "minimize""#, #""goal": "min""#, "/objectives/0/goal"),
      (#", "goal": "minimize""#, "", "/objectives/0/goal"),
      (#""at_most": 40"#, #""at_most": 40, "at_least": 1"#, "/outcome_constraints/0"),
      (#""at_most": 40"#, #""at_most": null"#, "/outcome_constraints/0/at_most"),
      (#""max_trials": 200"#, #""max_trials": 0"#, "/budget/max_trials"),
      (#""max_trials": 200"#, #""max_trial": 200"#, "/budget/max_trial"),
      (#""max_wait_ms": 50"#, #""max_wait_ms": -1"#, "/tuner/max_wait_ms"),
      (#""seed": 7"#, #""seed": -7"#, "/tuner/seed"), (#""seed": 7"#, #""seed": 1.5"#, "/tuner/seed"),
      (#""noise": "auto""#, #""noise": -1"#, "/noise"), (#""noise""#, #""noises""#, "/noises"),
      (#""team": "vision""#, #""team": 1"#, "/labels/team"), (#""name": "resnet""#, #""name": "res net""#, "/name"),
      (#""name": "resnet","#, "", "/name"), (#""metric": "loss""#, #""metric": """#, "/objectives/0/metric"),
    ])
  func oneMistake(original: String, replacement: String, pointer: String) throws {
    let parts = Self.full.split(separator: original, maxSplits: 1, omittingEmptySubsequences: false)
    let text = parts.joined(separator: replacement)
    do {
      _ = try StudyDefinition(JSONValue(text: text))
      Issue.record("was accepted")
    } catch let error as InvalidInput {
      #expect(error.mistakes.map(\.pointer) == [pointer])
    }
  }

  @Test("Costs turn the sign of what is maximised")
  func costs() {
    #expect(Objective("accuracy", .maximise).cost(of: 0.9) == -0.9)
    #expect(Objective("loss", .minimise).cost(of: 0.9) == 0.9)
  }

  @Test("An outcome constraint is broken by a missing metric and by NaN")
  func outcomeConstraints() {
    let constraint = OutcomeConstraint("t", .atMost(1))
    #expect(constraint.isSatisfied(by: ["t": 1]))
    #expect(!constraint.isSatisfied(by: ["t": 1.5]))
    #expect(!constraint.isSatisfied(by: ["t": .nan]))
    #expect(!constraint.isSatisfied(by: [:]))
  }

  @Test(
    "A timestamp is read back from its text to the millisecond",
    arguments: [0, 1, 999, 1_767_225_599_999, 1_795_242_001_003])
  func timestamps(milliseconds: Int64) {
    let time = Timestamp(milliseconds: milliseconds)
    #expect(Timestamp(text: time.text) == time)
    #expect(time.text.hasSuffix(String(format3(milliseconds % 1_000)) + "Z"))
  }

  private func format3(_ value: Int64) -> String { String(1_000 + value).dropFirst().description }
}
