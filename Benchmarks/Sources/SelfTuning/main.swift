import BestResponse
import Foundation
import NumericalMethods
import TuningModel

// self-tuning [--rows 599] [--method stn|delta_stn|fixed] [--drop 0.05,0.05,0.05] [--seeds 1-10] [--steps 6000]
//             [--option NAME=VALUE]… [--schedule FILE]
// Digits: a perceptron of 64–64–64–10 units with three dropouts that are tuned; a line of JSON for each seed.
var arguments = Array(CommandLine.arguments.dropFirst())
@MainActor func option(_ name: String) -> String? {
  guard let index = arguments.firstIndex(of: name), arguments.indices.contains(index + 1) else { return nil }
  defer { arguments.removeSubrange(index...index + 1) }
  return arguments[index + 1]
}
let rows = Int(option("--rows") ?? "") ?? 599
let method = SelfTuningSettings.Method(rawValue: option("--method") ?? "stn") ?? .selfTuning
let drops = (option("--drop") ?? "0.05").split(separator: ",").compactMap { Double($0) }
let seeds = (option("--seeds") ?? "1-10").split(separator: "-").compactMap { UInt64($0) }
let steps = Int(option("--steps") ?? "") ?? 6_000
let scheduleFile = option("--schedule")
var options: [String: Double] = [:]
while let text = option("--option") {
  let parts = text.split(separator: "=")
  options[String(parts[0])] = Double(parts[1])
}

let file = URL(fileURLWithPath: "../Examples/DigitsPerceptron/Data/digits.csv")
let table = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
  .map { $0.split(separator: ",").map { Double($0) ?? .nan } }
@MainActor func part(_ k: Int, atMost most: Int = .max) throws -> LabelledExamples {
  let chosen = table.indices.filter { $0 % 3 == k }.prefix(most).map { table[$0] }
  return try LabelledExamples(
    inputs: Matrix(rows: 64, columns: chosen.count, elements: chosen.flatMap { $0.dropLast().map { $0 / 16 } }),
    labels: chosen.map { Int($0[64]) })
}
let (training, validation, test) = (try part(0, atMost: rows), try part(1), try part(2))

for seed in seeds[0]...seeds[seeds.count - 1] {
  var settings = SelfTuningSettings(
    hyperparameters: (0..<3).map { k in
      TunedHyperparameter(
        "dropout_\(k)", .interval(low: 0, high: options["cap"] ?? 0.9), start: drops[min(k, drops.count - 1)])
    })
  settings.method = method
  settings.seed = seed
  settings.optimiser = .momentum(rate: options["rate"] ?? 0.05)
  settings.responseOptimiser = .momentum(rate: options["response_rate"] ?? 0.05)
  settings.tuningOptimiser = .adam(rate: options["tuning_rate"] ?? 0.01)
  settings.deviation = options["deviation"] ?? 0.5
  settings.entropyWeight = options["tau"] ?? 1e-3
  settings.validationBatch = Int(options["validation_batch"] ?? 64)
  settings.gradientLimit = options["clip"] ?? settings.gradientLimit
  settings.warmUp = Int(options["warm_up"] ?? 0)
  settings.trainingSteps = Int(options["train"] ?? 2)
  settings.validationSteps = Int(options["valid"] ?? 1)
  let layers: [LayerDescription] = [
    .dropout(.tuned(0)), .dense(64), .relu, .dropout(.tuned(1)), .dense(64), .relu, .dropout(.tuned(2)), .dense(10),
  ]
  var run = try SelfTuningTraining(
    input: .vector(64), layers: layers, settings: settings, training: training, validation: validation)
  let start = ContinuousClock.now
  var best = (validation: Double.infinity, test: Double.infinity, error: 1.0, step: 0, values: [0.0])
  var diverged: Int?
  while run.state.step < steps {
    let entry: Schedule.Entry
    do {
      entry = try run.advance()
    } catch {
      diverged = run.state.step
      break
    }
    guard !entry.isValidation, run.state.step.isMultiple(of: Int(options["every"] ?? 100)) else { continue }
    let now = run.evaluate(validation).loss
    if now < best.validation {
      let judged = run.evaluate(test)
      best = (now, judged.loss, judged.error, run.state.step, run.values)
    }
  }
  let taken = ContinuousClock.now - start
  let line: JSONValue = [
    "case": "digits", "method": .string(method.rawValue), "rows": .integer(training.count),
    "seed": .integer(Int(seed)),
    "start": .array(drops.map(JSONValue.number)), "options": .object(options.mapValues(JSONValue.number)),
    "validation": .number(best.validation), "test": .number(best.test), "test_error": .number(best.error),
    "best_step": .integer(best.step), "best_values": .array(best.values.map(JSONValue.number)),
    "last_validation": .number(run.evaluate(validation).loss), "last_test": .number(run.evaluate(test).loss),
    "last_values": .array(run.values.map(JSONValue.number)),
    "last_deviations": .array(run.deviations.map(JSONValue.number)), "s": .number(taken / .seconds(1)),
    "diverged": diverged.map(JSONValue.integer) ?? .null,
  ]
  print(line.text)
  fflush(nil)
  if let scheduleFile, seed == seeds[0] {
    try run.state.schedule.csv.write(toFile: scheduleFile, atomically: true, encoding: .utf8)
  }
}
