import BestResponse
import Foundation
import Hone

/// Is it the values that tuning ends with, their course, or noise? The last dropout of the perceptron, the others known.
struct ScheduleStudy {
  let rows: Int
  let seeds: ClosedRange<UInt64>
  let steps, every: Int
  let options: [String: Double]
  let write: ([String: JSONValue]) -> Void

  private func problem() throws -> NetworkProblem { try NetworkProblem.digits(rows: rows, known: [0.1, 0.2]) }

  private func training(
    _ problem: NetworkProblem, _ way: String, _ method: SelfTuningSettings.Method, _ seed: UInt64, _ start: Double,
    _ prescribed: ((Int) -> Double)? = nil
  ) throws -> WatchedTraining {
    let before = processorSeconds()
    var watched = try WatchedTraining(
      problem, problem.settings(method, seed: seed, options, start: [start]), every: every)
    if let prescribed { watched.prescribed = { [prescribed($0)] } }
    watched.advance(to: steps)
    write(
      watched.json.merging([
        "way": .string(way), "start": .number(start), "s": .number(processorSeconds() - before),
      ]) { $1 })
    return watched
  }

  /// Fixed dropouts from 0 to 0.8, to choose one from.
  func grid() throws {
    let problem = try problem()
    for value in stride(from: 0, through: 0.8, by: 0.1) {
      for seed in seeds { _ = try training(problem, "grid", .fixed, seed, value) }
    }
  }

  /// All ways beside each other.
  ///
  /// - Parameter value: the fixed dropout, which noise and sine go around.
  func ways(around value: Double) throws {
    let problem = try problem()
    func inside(_ value: Double) -> Double { min(max(value, 0), 0.9) }
    for seed in seeds {
      _ = try training(problem, "fixed", .fixed, seed, value)
      _ = try training(problem, "gaussian", .fixed, seed, value) { step in
        var random = RandomStream(seed: seed, trial: step, purpose: .surrogate)
        let (u, v) = (Double.random(in: 0..<1, using: &random), Double.random(in: 0..<1, using: &random))
        return inside(value + 0.05 * (-2 * log(1 - u)).squareRoot() * cos(2 * .pi * v))
      }
      _ = try training(problem, "sinusoidal", .fixed, seed, value) { step in
        inside(value + 0.1 * sin(2 * .pi * Double(step) / 1_200))
      }
      let tuned = try training(problem, "stn", .selfTuning, seed, 0.05)
      _ = try training(problem, "stn_final", .fixed, seed, tuned.run.values[0])
      let schedule = tuned.run.state.schedule
      _ = try training(problem, "stn_schedule", .fixed, seed, 0.05) { step in
        schedule.values(atStep: step)?[0] ?? value
      }
    }
  }
}
