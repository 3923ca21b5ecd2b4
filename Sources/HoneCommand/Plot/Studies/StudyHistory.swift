package import TuningModel

/// What a history plot shows of one study: its measured trials in order, and the best so far.
package struct StudyHistory: Sendable {
  /// One measured trial.
  package struct Point: Sendable {
    package var number: TrialNumber
    /// The objective in the metric's own units.
    package var value: Double
    /// Whether the trial may be the best.
    package var isEligible: Bool
  }

  package let name: String
  package let objective: Objective
  package let points: [Point]
  /// Trials that ended without a value.
  package let unmeasured: [TrialNumber]
  /// The trial with the best value.
  package let best: Trial?
  /// The trial at the user's default point.
  package let reference: Trial?

  /// Takes what a plot needs.
  package init(_ plotted: PlottedStudy) {
    name = plotted.name
    objective = plotted.objective
    points = plotted.points.map { Point(number: $0.trial.number, value: $0.value, isEligible: $0.isEligible) }
    let measured = Set(points.map(\.number))
    unmeasured = plotted.trials.filter { $0.state.isFinal && !measured.contains($0.number) }.map(\.number)
    reference = plotted.points.map(\.trial).first { $0.origin.tuner == "default" }
    best = plotted.best?.trial
  }

  /// The value of a trial's objective.
  package func value(of trial: Trial) -> Double? { trial.measurement?.metrics[objective.metric] }

  /// The best value so far at each trial that improved it, in the order of numbers.
  package var improvements: [Point] {
    var best: [Point] = []
    for point in points where point.isEligible {
      if let last = best.last, objective.cost(of: point.value) >= objective.cost(of: last.value) { continue }
      best.append(point)
    }
    return best
  }
}
