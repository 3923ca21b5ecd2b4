import BestResponse
import Foundation
import Hone

/// A training whose validation loss is taken every so many steps; what counts is its least.
struct WatchedTraining {
  /// The moment of the least validation loss.
  struct Moment {
    var validation = Double.infinity
    var test = Double.infinity
    var error = 1.0
    var step = 0
    var values: [Double] = []

    var json: [String: JSONValue] {
      [
        "validation": .number(validation), "test": .number(test), "test_error": .number(error),
        "best_step": .integer(step), "best_values": .array(values.map(JSONValue.number)),
      ]
    }
  }

  let problem: NetworkProblem
  let every: Int
  var run: SelfTuningTraining
  var best = Moment()
  /// The step at which it diverged.
  var diverged: Int?
  /// Hyperparameters to be set before a step of the weights.
  var prescribed: ((Int) -> [Double])?

  init(_ problem: NetworkProblem, _ settings: SelfTuningSettings, every: Int) throws {
    self.problem = problem
    self.every = every
    run = try problem.training(settings)
  }

  /// Goes on until so many steps of the weights were taken, or it diverges.
  mutating func advance(to step: Int) {
    while run.state.step < step, diverged == nil {
      let entry: Schedule.Entry
      do {
        if let prescribed { try run.set(prescribed(run.state.step)) }
        entry = try run.advance()
      } catch {
        diverged = run.state.step
        return
      }
      guard !entry.isValidation, run.state.step.isMultiple(of: every) else { continue }
      let now = run.evaluate(problem.validation).loss
      if now < best.validation {
        let judged = run.evaluate(problem.test)
        best = Moment(
          validation: now, test: judged.loss, error: judged.error, step: run.state.step, values: run.values)
      }
    }
  }

  var json: [String: JSONValue] {
    best.json.merging([
      "case": .string(problem.name), "rows": .integer(problem.training.count), "steps": .integer(run.state.step),
      "method": .string(run.settings.method.rawValue), "seed": .integer(Int(run.settings.seed)),
      "last_validation": .number(run.evaluate(problem.validation).loss),
      "last_test": .number(run.evaluate(problem.test).loss),
      "last_values": .array(run.values.map(JSONValue.number)),
      "last_deviations": .array(run.deviations.map(JSONValue.number)),
      "diverged": diverged.map(JSONValue.integer) ?? .null,
    ]) { $1 }
  }
}

/// What this process has used of processors so far, which a crowded machine hardly changes.
func processorSeconds() -> Double {
  var used = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used)
  return Double(used.tv_sec) + 1e-9 * Double(used.tv_nsec)
}
