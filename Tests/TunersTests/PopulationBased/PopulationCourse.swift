import Testing
import Tuners
import TuningModel

/// A population in the making: hands out trials and takes their ends, keeping the log.
struct PopulationCourse {
  let study: StudyDefinition
  let seed: StudySeed
  private(set) var tuner: PopulationBasedTuner
  private(set) var events: [TrialEvent] = []
  private(set) var given: [TrialNumber: Suggestion] = [:]
  private var next = 1

  static let standardSpace: [JSONValue] = [["name": "x", "type": "float", "low": 0, "high": 1]]

  init(
    _ options: [String: JSONValue] = [:], parameters: [JSONValue] = standardSpace, constraints: [String] = [],
    goal: String = "minimize", seed: StudySeed = 1
  ) throws {
    var definition: [String: JSONValue] = [
      "name": "s", "parameters": .array(parameters), "objectives": [["metric": "loss", "goal": .string(goal)]],
      "tuner": .object(["name": "population_based"].merging(options) { $1 }),
    ]
    if !constraints.isEmpty { definition["parameter_constraints"] = .array(constraints.map(JSONValue.string)) }
    study = try StudyDefinition(.object(definition))
    self.seed = seed
    tuner = try PopulationBasedTuner(for: study)
  }

  mutating func observe(_ trial: TrialNumber, _ kind: TrialEvent.Kind) {
    let event = TrialEvent(trial, kind)
    events.append(event)
    tuner.observe(event)
  }

  /// Hands out the next trial, with other parameters where they are given.
  mutating func ask(_ parameters: Parameters? = nil) throws -> (TrialNumber, Suggestion) {
    var suggestion = try tuner.suggest(next..<next + 1, seed: seed)[0]
    if let parameters { suggestion.parameters = parameters }
    observe(next, .started(suggestion, worker: nil, attempt: 1))
    given[next] = suggestion
    next += 1
    return (next - 1, suggestion)
  }

  /// Tells a result, with a checkpoint of the trial's own name.
  mutating func tell(_ trial: TrialNumber, _ loss: Double, step: Int? = nil) {
    observe(trial, .completed(Measurement(["loss": loss], step: step, checkpoint: "c\(trial)")))
  }

  /// A fresh tuner after the same events.
  func folded() throws -> PopulationBasedTuner {
    var tuner = try PopulationBasedTuner(for: study)
    for event in events { tuner.observe(event) }
    return tuner
  }

  /// What the origin of a trial says of how it came about.
  func move(_ trial: TrialNumber) -> JSONValue? { given[trial]?.origin.details?["move"] }
}
