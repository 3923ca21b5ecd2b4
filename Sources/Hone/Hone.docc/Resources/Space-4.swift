import Foundation
import Hone

enum Kernel: String, CaseIterable {
  case linear, gaussian
}

let kernel = ParameterKey.choice("kernel", of: Kernel.self)
let penalty = ParameterKey.float("penalty", 1e-3...1e3, scale: .log)
let width = ParameterKey.float("width", 1e-2...1e2, scale: .log)
  .when(Condition("kernel", isOneOf: [.string("gaussian")]))
let rows = ParameterKey.int("rows", 100...2_000)
let features = ParameterKey.int("features", 8...512)

let space = try SearchSpace(
  [kernel.parameter, penalty.parameter, width.parameter, rows.parameter, features.parameter],
  constraints: [LinearConstraint(["rows": 1, "features": 4], atMost: 3_000)])
let definition = try StudyDefinition(
  "classifier", space: space, objectives: [Objective("accuracy", .maximise)], budget: Budget(maxTrials: 40))

/// Stands in for training a classifier: best with a Gaussian of width 3.
func accuracy(_ kernel: Kernel, penalty: Double, width: Double?, rows: Int, features: Int) -> Double {
  let base = 0.9 - 0.01 * pow(log10(penalty), 2) - 20 / Double(rows) - 0.5 / Double(features)
  guard kernel == .gaussian, let width else { return base - 0.1 }
  return base - 0.05 * pow(log10(width / 3), 2)
}

let studies = try await Hone.open("classifier.db")
let study = try await studies.study(definition)
try await study.evaluate(parallel: 2) { [kernel, penalty, width, rows, features] trial in
  [
    "accuracy": accuracy(
      try trial.value(kernel), penalty: try trial.value(penalty), width: trial[width],
      rows: try trial.value(rows), features: try trial.value(features))
  ]
}

let asked: Parameters = [
  "kernel": .string("gaussian"), "penalty": .float(1), "width": .float(3), "rows": .int(1_500), "features": .int(64),
]
if let prediction = try await studies.predict("classifier", at: [asked]).predictions.first {
  print("expected: \(prediction.mean) ± \(prediction.standardDeviation)")
}
await studies.shutdown()
