import Foundation
import Hone
import HoneClient

/// Fits polynomials to noisy points, and tunes their degree and their penalty on points that were left out.
///
/// The studies are in a file; with `HONE_SERVER` in the environment they are on that server, and nothing else changes.
@main
enum Ridge {
  private static let degree = ParameterKey.int("degree", 1...12)
  private static let penalty = ParameterKey.float("penalty", 1e-8...10, scale: .log)

  static func main() async throws {
    let definition = try StudyDefinition(
      "ridge", space: SearchSpace([degree.parameter, penalty.parameter]),
      objectives: [Objective("error", .minimise)], tuner: TunerChoice("bayesian", seed: 1),
      budget: Budget(maxTrials: 30))
    if let address = ProcessInfo.processInfo.environment["HONE_SERVER"].flatMap(URL.init(string:)) {
      let token = ProcessInfo.processInfo.environment["HONE_TOKEN"]
      try await tune(definition, in: RemoteStudyClient(server: address, token: token))
    } else {
      let studies = try await Hone.open("ridge.db")
      try await tune(definition, in: studies)
      await studies.shutdown()
    }
  }

  private static func tune(_ definition: StudyDefinition, in studies: some StudyClient) async throws {
    let study = try await studies.study(definition)
    let points = Points(count: 60)
    try await study.evaluate(parallel: 2) { trial in
      let model = Polynomial(degree: try trial.value(degree), penalty: try trial.value(penalty), points.training)
      return ["error": model.error(points.validation)]
    }
    guard let best = try await study.best() else { return }
    let error = best.measurement?.metrics["error"] ?? .nan
    print(
      "trial \(best.number): degree \(best.parameters["degree"]!), penalty \(best.parameters["penalty"]!), error \(error)"
    )
  }
}
