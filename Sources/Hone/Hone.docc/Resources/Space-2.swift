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
