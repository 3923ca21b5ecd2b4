import Hone

let x = ParameterKey.float("x", -5...10)
let y = ParameterKey.float("y", 0...15)

let definition = try StudyDefinition(
  "branin", space: SearchSpace([x.parameter, y.parameter]), objectives: [Objective("loss", .minimise)],
  budget: Budget(maxTrials: 30))
let studies = try await Hone.open("branin.db")
let study = try await studies.study(definition)
