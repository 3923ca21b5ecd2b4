import Bilevel
import Foundation
import TuningModel

/// How far a run has come at which cost, by the true objective.
struct Way {
  /// The costs at which the true gap first fell below each of these.
  static let gaps = [1e-2, 1e-3, 1e-4]

  let least: Double
  let limits: [Double]
  var costs: [Double: SolveCost] = [:]
  var best = Double.infinity
  var last = Double.infinity
  var outer: [Double: Int] = [:]
  /// The answers at which the gaps were reached, and those of the whole run.
  var answersTo: [Double: Int] = [:]
  var answers = 0
  var ending = ""
  var total = SolveCost()
  var gradients = 0
  var seconds = 0.0

  init(least: Double, limits: [Double] = Way.gaps) {
    self.least = least
    self.limits = limits
  }

  /// Takes the true value at a point to which the method has come at a cost.
  mutating func note(_ value: Double, at cost: SolveCost, answers: Int, steps: Int = 0) {
    last = value - least
    best = min(best, last)
    for limit in limits where last <= limit && costs[limit] == nil {
      costs[limit] = cost
      outer[limit] = steps
      answersTo[limit] = answers
    }
  }

  /// Follows a run; `value` is the true objective at θ, computed apart and not counted.
  ///
  /// Of methods that take a step with every answer, one of every so many points is judged, of others all.
  /// A point counts from the moment at which the run asks there; with `maid`, which may also ask for gradients at points
  /// that it does not take, from the answer on.
  init(
    _ folds: [BilevelProblem], _ settings: BilevelRunSettings, least: Double, limits: [Double] = Way.gaps,
    until target: Double = 1e-4, every: Int = 1, value: ([Double]) -> Double
  ) throws {
    self.init(least: least, limits: limits)
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
      guard step.request.kind == .hypergradient || (steps - 1).isMultiple(of: every) else { continue }
      let before = ContinuousClock.now
      let found = known[theta] ?? value(theta)
      known[theta] = found
      elapsedOutside += ContinuousClock.now - before
      var spent = step.totalCost
      if run.tunerName != "maid" {
        spent.gradients -= step.cost.gradients
        spent.hessianProducts -= step.cost.hessianProducts
        spent.directSolutions -= step.cost.directSolutions
      }
      note(found, at: spent, answers: run.answers - 1, steps: steps - 1)
      if last <= target { break }
    }
    ending = run.ending?.reason.rawValue ?? "target"
    total = run.cost
    (gradients, answers) = (run.gradients, run.answers)
    let taken = ContinuousClock.now - start - elapsedOutside
    seconds = Double(taken.components.seconds) + Double(taken.components.attoseconds) * 1e-18
  }

  var json: [String: JSONValue] {
    var fields: [String: JSONValue] = [
      "ending": .string(ending), "best_gap": .number(best), "last_gap": .number(last), "gradients": .integer(gradients),
      "inner": .integer(total.gradients), "hvp": .integer(total.hessianProducts),
      "solves": .integer(total.directSolutions), "answers": .integer(answers),
      "s": .number(seconds),
    ]
    for limit in limits {
      guard let cost = costs[limit] else { continue }
      fields["to_\(limit)"] = [
        "inner": .integer(cost.gradients), "hvp": .integer(cost.hessianProducts), "outer": .integer(outer[limit] ?? 0),
        "solves": .integer(cost.directSolutions), "answers": .integer(answersTo[limit] ?? 0),
      ]
    }
    return fields
  }
}
