import BestResponse
import Foundation
import Hone

/// What tuning adds to the time and the memory of training.
struct StepTimes {
  let problem: NetworkProblem
  let options: [String: Double]
  let write: ([String: JSONValue]) -> Void

  /// The processor's time of a step of the weights, steps of the hyperparameters included, in turns with training alone.
  func times(rounds: Int, steps: Int) throws {
    let ways: [(String, SelfTuningSettings.Method, Double)] = [
      ("fixed", .fixed, 1), ("stn", .selfTuning, 1), ("stn_weights", .selfTuning, 0), ("delta_stn", .delta, 1),
      ("delta_stn_weights", .delta, 0),
    ]
    var runs = try ways.map { way in
      let own = options.merging(["valid": way.2]) { $1 }
      var run = try problem.training(problem.settings(way.1, seed: 1, own))
      while run.state.step < 20 { try run.advance() }
      return run
    }
    for round in 0..<rounds {
      for (k, way) in ways.enumerated() {
        let end = runs[k].state.step + steps
        let before = processorSeconds()
        while runs[k].state.step < end { try runs[k].advance() }
        write([
          "case": .string("times_" + problem.name), "way": .string(way.0), "round": .integer(round),
          "us": .number(1e6 * (processorSeconds() - before) / Double(steps)),
          "parameters": .integer(runs[k].network.parameterCount),
          "hyperparameters": .integer(problem.hyperparameters.count),
        ])
      }
    }
  }

  /// The most memory that was resident in this process, before and after some steps; one way to a process.
  func memory(_ method: SelfTuningSettings.Method, steps: Int) throws {
    let before = Self.mostResident()
    var run = try problem.training(problem.settings(method, seed: 1, options))
    while run.state.step < steps { try run.advance() }
    write([
      "case": .string("memory_" + problem.name), "way": .string(method.rawValue),
      "parameters": .integer(run.network.parameterCount), "kib_before": .integer(before),
      "kib_after": .integer(Self.mostResident()),
    ])
  }

  private static func mostResident() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM") } ?? ""
    return line.split(separator: " ").compactMap { Int($0) }.first ?? 0
  }
}
