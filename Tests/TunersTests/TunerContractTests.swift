import Foundation
import Hone
import Testing
import TuningModel

/// What every tuner of the catalog has to keep, on every kind of space.
@Suite("The contract of tuners")
struct TunerContractTests {
  static let cases = TunerCatalog.standard.descriptions.flatMap { description in
    TunerExercise.spaces.keys.sorted().map { (description.name, $0) }
  }

  @Test("Suggestions belong to the space, one for each number, and name their tuner", arguments: cases)
  func validity(tuner: String, space: String) throws {
    let exercise = try TunerExercise(tuner, on: space)
    for step in try exercise.run() {
      for suggestion in step.suggestions {
        #expect(try exercise.study.space.values(suggestion.parameters.json) == suggestion.parameters)
        #expect(suggestion.origin.tuner == tuner)
      }
      #expect(step.suggestions.count == step.numbers.count)
    }
  }

  @Test("The same events give the same suggestions, origins included", arguments: cases)
  func determinism(tuner: String, space: String) throws {
    let exercise = try TunerExercise(tuner, on: space)
    let (first, second) = (try exercise.run(), try exercise.run())
    #expect(first.map(\.suggestions) == second.map(\.suggestions))
  }

  @Test("Another seed gives other suggestions", arguments: cases)
  func seeds(tuner: String, space: String) throws {
    let exercise = try TunerExercise(tuner, on: space)
    #expect(try exercise.run(seed: 1).map(\.suggestions) != exercise.run(seed: 2).map(\.suggestions))
  }

  @Test("A snapshot taken midway, through its text, changes nothing", arguments: cases)
  func snapshots(tuner: String, space: String) throws {
    let exercise = try TunerExercise(tuner, on: space)
    let whole = try exercise.run()
    let restored = try exercise.run(restoringBeforeEveryStep: true)
    #expect(whole.map(\.suggestions) == restored.map(\.suggestions))
  }
}

/// A tuner driven through a short study in which everything happens that can: results, infeasible and failed trials,
/// trials given back, two workers at once.
struct TunerExercise {
  struct Step {
    var numbers: Range<TrialNumber>
    var suggestions: [Suggestion]
  }

  let study: StudyDefinition

  static let spaces: [String: [JSONValue]] = [
    "continuous": [
      ["name": "x", "type": "float", "low": -5, "high": 10], ["name": "y", "type": "float", "low": 1e-4, "high": 1, "log": true],
    ],
    "mixed": [
      ["name": "x", "type": "float", "low": 0, "high": 1], ["name": "n", "type": "int", "low": 1, "high": 300, "log": true],
      ["name": "c", "type": "categorical", "choices": ["a", "b", "c"]], ["name": "b", "type": "bool"],
      ["name": "o", "type": "ordinal", "values": [16, 32, 64]], ["name": "v", "type": "float", "low": -1, "high": 1, "size": 2],
    ],
    "conditional": [
      ["name": "c", "type": "categorical", "choices": ["a", "b"]],
      ["name": "x", "type": "float", "low": 0, "high": 1, "when": ["c": ["a"]]],
      ["name": "flag", "type": "bool", "when": ["c": ["b"]]],
      ["name": "deep", "type": "int", "low": 0, "high": 9, "when": ["flag": [true]]],
    ],
    "constrained": [
      ["name": "x", "type": "float", "low": 0, "high": 1], ["name": "n", "type": "int", "low": 0, "high": 100],
    ],
  ]

  init(_ tuner: String, on space: String) throws {
    var definition: [String: JSONValue] = [
      "name": "exercise", "parameters": .array(Self.spaces[space] ?? []), "tuner": ["name": .string(tuner)],
      "objectives": [["metric": "loss", "goal": "minimize"]],
    ]
    if space == "constrained" { definition["parameter_constraints"] = ["n + 50 * x <= 20", "x >= 0.05"] }
    study = try StudyDefinition(.object(definition))
  }

  /// Fourteen trials in seven steps of two.
  func run(seed: StudySeed = 1, restoringBeforeEveryStep: Bool = false) throws -> [Step] {
    var tuner = try TunerCatalog.standard.tuner(for: study)
    var steps: [Step] = []
    for first in stride(from: 1, to: 15, by: 2) {
      if restoringBeforeEveryStep {
        let snapshot = try JSONValue(text: tuner.snapshot.text)
        tuner = try TunerCatalog.standard.tuner(for: study)
        try tuner.restore(snapshot)
      }
      let numbers = first..<first + 2
      let suggestions = try tuner.suggest(numbers, seed: seed)
      steps.append(Step(numbers: numbers, suggestions: suggestions))
      for (number, suggestion) in zip(numbers, suggestions) {
        tuner.observe(TrialEvent(number, .started(suggestion, worker: "w", attempt: 1)))
      }
      for (number, suggestion) in zip(numbers, suggestions) {
        // Trial 6 stays pending to the end.
        for event in Self.fate(of: number, suggestion) { tuner.observe(TrialEvent(number, event)) }
      }
    }
    return steps
  }

  private static func fate(of number: TrialNumber, _ suggestion: Suggestion) -> [TrialEvent.Kind] {
    switch number {
    case 3: [.infeasible(reason: "not_finite", nil)]
    case 4: [.failed(reason: "crashed")]
    case 5:
      [
        .requeued(reason: "preempted"), .started(suggestion, worker: "v", attempt: 2),
        .completed(Measurement(["loss": loss(suggestion.parameters)])),
      ]
    case 6: []
    default: [.completed(Measurement(["loss": loss(suggestion.parameters)]))]
    }
  }

  private static func loss(_ parameters: Parameters) -> Double {
    parameters.sorted { $0.key < $1.key }.reduce(0) { sum, entry in
      switch entry.value {
      case .float(let value): sum + sin(value) + value * value / 10
      case .int(let value): sum + abs(Double(value) - 17) / 100
      case .bool(let value): sum + (value ? 0.3 : 0)
      case .string(let value): sum + Double(value.utf8.first ?? 0) / 200
      case .vector(let values): sum + values.reduce(0) { $0 + $1 * $1 }
      }
    }
  }
}
