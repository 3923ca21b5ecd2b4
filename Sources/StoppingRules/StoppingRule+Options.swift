import TuningModel

extension StoppingRule {
  /// The whole number that an option has in a study; `nil` where it is left open.
  static func integer(_ option: String, in study: StudyDefinition) -> Int? {
    guard case .number(let number)? = description.value(of: option, inStoppingOf: study) else { return nil }
    return Int(exactly: number)
  }
}

extension Objective {
  /// What a report says of the objective, to be minimised; +∞ for a value that is not finite, which ranks worst.
  ///
  /// - Returns: `nil` where the report does not have the metric.
  func cost(in report: TrialReport) -> Double? {
    report.measurement.metrics[metric].map { $0.isFinite ? cost(of: $0) : .infinity }
  }
}
