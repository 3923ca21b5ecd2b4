import Foundation
import HoneClient

let rate = ParameterKey.float("rate", 1e-4...1, scale: .log)
let decay = ParameterKey.float("decay", 1e-6...1e-1, scale: .log)

func train(_ studies: some StudyClient) async throws {
  let definition = try StudyDefinition(
    "training", space: SearchSpace([rate.parameter, decay.parameter]), objectives: [Objective("loss", .minimise)],
    stopping: StoppingChoice("asha", options: ["max_resource": 27]), budget: Budget(maxTrials: 20))
  let study = try await studies.study(definition)
  try await study.evaluate(parallel: 2) { [rate, decay] trial in
    var loss = 1.0
    for epoch in 1...27 {
      loss = step(loss, try trial.value(rate), try trial.value(decay))
      if try await trial.report(step: epoch, ["loss": loss]) == .stop { throw TrialPruned() }
    }
    return ["loss": loss]
  }
}

/// Stands in for an epoch of training.
func step(_ loss: Double, _ rate: Double, _ decay: Double) -> Double {
  let error = log10(rate) + 2
  return loss * (0.9 + 0.02 * error * error) + 100 * decay * decay
}

guard let server = URL(string: "http://127.0.0.1:8080") else { exit(2) }
try await train(RemoteStudyClient(server: server))
