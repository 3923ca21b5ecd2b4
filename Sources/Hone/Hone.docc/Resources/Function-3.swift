import Foundation
import Hone

let x = ParameterKey.float("x", -5...10)
let y = ParameterKey.float("y", 0...15)

let definition = try StudyDefinition(
  "branin", space: SearchSpace([x.parameter, y.parameter]), objectives: [Objective("loss", .minimise)],
  budget: Budget(maxTrials: 30))
let studies = try await Hone.open("branin.db")
let study = try await studies.study(definition)

func branin(_ x: Double, _ y: Double) -> Double {
  let valley = y - 5.1 / (4 * .pi * .pi) * x * x + 5 / .pi * x - 6
  return valley * valley + 10 * (1 - 1 / (8 * .pi)) * cos(x) + 10
}

try await study.evaluate { [x, y] trial in
  ["loss": branin(try trial.value(x), try trial.value(y))]
}
