import TuningModel

/// What a history plot shows of one study: its measured trials in order, and the best so far.
struct StudyHistory: Sendable {
  /// One measured trial.
  struct Point: Sendable {
    var number: TrialNumber
    /// The objective in the metric's own units.
    var value: Double
    /// Whether the outcome constraints are kept, so that the trial may be the best.
    var isEligible: Bool
  }

  var name: String
  var objective: Objective
  var points: [Point]
  /// Trials that ended without a value.
  var unmeasured: [TrialNumber]
  /// The trial with the best value.
  var best: Trial?
  /// The trial at the user's default point.
  var reference: Trial?

  /// Takes what a plot needs from a study with one objective.
  init(_ study: Study, objective: Objective, trials: [Trial]) {
    name = study.name
    self.objective = objective
    points = trials.compactMap { trial in
      guard trial.state == .completed, let metrics = trial.measurement?.metrics, let value = metrics[objective.metric]
      else { return nil }
      let isEligible = study.definition.outcomeConstraints.allSatisfy { $0.isSatisfied(by: metrics) }
      return Point(number: trial.number, value: value, isEligible: isEligible)
    }
    unmeasured = trials.filter { $0.state.isFinal && $0.state != .completed }.map(\.number)
    reference = trials.first { $0.origin.tuner == "default" && $0.state == .completed }
    let winner = points.filter(\.isEligible).min { objective.cost(of: $0.value) < objective.cost(of: $1.value) }
    best = winner.flatMap { winner in trials.first { $0.number == winner.number } }
  }

  /// Reads a whole study, page by page.
  ///
  /// - Throws: `StudyError` where the study cannot be read, or has several objectives and so no one history.
  init(of name: String, from studies: any StudyClient) async throws(StudyError) {
    let study = try await studies.study(name).study
    guard let objective = study.definition.objectives.first, study.definition.objectives.count == 1 else {
      throw StudyError(.unsupported, "\(name) has several objectives; a history plot shows one.")
    }
    var trials: [Trial] = []
    var token: String?
    repeat {
      let page = try await studies.trials(name, state: nil, PageRequest(size: 1_000, token: token))
      trials += page.elements
      token = page.nextToken
    } while token != nil
    self.init(study, objective: objective, trials: trials)
  }

  /// The value of a trial's objective.
  func value(of trial: Trial) -> Double? { trial.measurement?.metrics[objective.metric] }

  /// The best value so far at each trial that improved it, in the order of numbers.
  var improvements: [Point] {
    var best: [Point] = []
    for point in points where point.isEligible {
      if let last = best.last, objective.cost(of: point.value) >= objective.cost(of: last.value) { continue }
      best.append(point)
    }
    return best
  }
}
