import Bilevel
import Foundation
import TuningModel

/// How far a run has come at which cost, by the true objective.
struct Way {
  /// The costs at which the true gap first fell below each of these.
  static let gaps = [1e-2, 1e-3, 1e-4]

  var costs: [Double: SolveCost] = [:]
  var best = Double.infinity
  var last = Double.infinity
  var outer: [Double: Int] = [:]
  var ending = ""
  var total = SolveCost()
  var gradients = 0
  var seconds = 0.0

  /// Follows a run; `value` is the true objective at θ, computed apart and not counted.
  ///
  /// A point counts from the moment at which the run has come there: a gradient is asked for where a step was accepted.
  init(
    _ folds: [BilevelProblem], _ settings: BilevelRunSettings, least: Double, until target: Double = 1e-4,
    value: ([Double]) -> Double
  ) throws {
    var run = try BilevelRun(folds, settings: settings)
    let start = ContinuousClock.now
    var known: [[Double]: Double] = [:]
    var steps = 0
    var elapsedOutside = Duration.zero
    while let step = try run.advance() {
      let isPoint = [.hypergradient, .f2sa, .bda].contains(step.request.kind)
      var theta = step.theta
      if step.request.kind == .es { theta = run.theta }
      guard isPoint || (step.request.kind == .es && step.trial % 10 == 0) else { continue }
      steps += 1
      let before = ContinuousClock.now
      let gap = (known[theta] ?? value(theta)) - least
      known[theta] = gap + least
      elapsedOutside += ContinuousClock.now - before
      last = gap
      best = min(best, gap)
      var spent = step.totalCost
      spent.gradients -= step.cost.gradients
      spent.hessianProducts -= step.cost.hessianProducts
      for limit in Self.gaps where gap <= limit && costs[limit] == nil {
        costs[limit] = spent
        outer[limit] = steps - 1
      }
      if gap <= target { break }
    }
    ending = run.ending?.reason.rawValue ?? "target"
    total = run.cost
    gradients = run.gradients
    let taken = ContinuousClock.now - start - elapsedOutside
    seconds = Double(taken.components.seconds) + Double(taken.components.attoseconds) * 1e-18
  }

  var json: [String: JSONValue] {
    var fields: [String: JSONValue] = [
      "ending": .string(ending), "best_gap": .number(best), "last_gap": .number(last), "gradients": .integer(gradients),
      "inner": .integer(total.gradients), "hvp": .integer(total.hessianProducts), "s": .number(seconds),
    ]
    for limit in Self.gaps {
      guard let cost = costs[limit] else { continue }
      fields["to_\(limit)"] = [
        "inner": .integer(cost.gradients), "hvp": .integer(cost.hessianProducts), "outer": .integer(outer[limit] ?? 0),
      ]
    }
    return fields
  }
}
