import TuningModel

/// The best completed trial so far of a study with one objective.
struct Incumbent: Hashable, Sendable {
  /// The trial.
  var number: TrialNumber
  /// Its objective, to be minimised.
  var cost: Double

  /// Keeps the better of two; of equal ones that with the lower number.
  ///
  /// A trial counts when it keeps the study's outcome constraints and the study has one objective.
  static func update(
    _ incumbent: inout Incumbent?, with measurement: Measurement, of trial: TrialNumber, in study: StudyDefinition
  ) {
    guard study.objectives.count == 1, let value = measurement.metrics[study.objectives[0].metric], !value.isNaN,
      study.outcomeConstraints.allSatisfy({ $0.isSatisfied(by: measurement.metrics) })
    else { return }
    let cost = study.objectives[0].cost(of: value)
    if let best = incumbent, (best.cost, best.number) <= (cost, trial) { return }
    incumbent = Incumbent(number: trial, cost: cost)
  }
}
