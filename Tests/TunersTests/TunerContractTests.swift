import Hone
import Testing
import TunerContract
import TuningModel

/// What every tuner of the catalog has to keep, on every kind of space.
@Suite("The contract of tuners")
struct TunerContractTests {
  static let spaces: [String: [JSONValue]] = [
    "continuous": [
      ["name": "x", "type": "float", "low": -5, "high": 10],
      ["name": "y", "type": "float", "low": 1e-4, "high": 1, "log": true],
    ],
    "mixed": [
      ["name": "x", "type": "float", "low": 0, "high": 1],
      ["name": "n", "type": "int", "low": 1, "high": 300, "log": true],
      ["name": "c", "type": "categorical", "choices": ["a", "b", "c"]], ["name": "b", "type": "bool"],
      ["name": "o", "type": "ordinal", "values": [16, 32, 64]],
      ["name": "v", "type": "float", "low": -1, "high": 1, "size": 2],
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

  /// Tuners that ask oracles have a contract of their own, in BilevelTests, and one that is given its points draws nothing.
  static let cases = TunerCatalog.standard.descriptions
    .filter { $0.requests.isEmpty && $0.name != "fixed_schedule" }
    .flatMap { description in spaces.keys.sorted().map { (description.name, $0) } }

  private func study(_ tuner: String, _ space: String) throws -> StudyDefinition {
    var definition: [String: JSONValue] = [
      "name": "exercise", "parameters": .array(Self.spaces[space] ?? []), "tuner": ["name": .string(tuner)],
      "objectives": [["metric": "loss", "goal": "minimize"]],
    ]
    if space == "constrained" { definition["parameter_constraints"] = ["n + 50 * x <= 20", "x >= 0.05"] }
    return try StudyDefinition(.object(definition))
  }

  @Test("Every tuner keeps the contract on every kind of space", arguments: cases)
  func contract(tuner: String, space: String) throws {
    let study = try study(tuner, space)
    let contract = TunerContract(study, trialCount: 14) { () throws(TunerError) in
      try TunerCatalog.standard.tuner(for: study)
    }
    #expect(try contract.violations() == [])
  }

  @Test("Suggestions name their tuner, and another seed gives others", arguments: cases)
  func seeds(tuner: String, space: String) throws {
    let made = try TunerCatalog.standard.tuner(for: study(tuner, space))
    let first = try made.suggest(1..<9, seed: 1)
    #expect(first.allSatisfy { $0.origin.tuner == tuner })
    #expect(try made.suggest(1..<9, seed: 2) != first)
  }
}
