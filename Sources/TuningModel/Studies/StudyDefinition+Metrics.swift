extension StudyDefinition {
  /// The metric of that name with the way in which it is better: an objective, or what an outcome constraint bounds.
  ///
  /// - Parameter metric: the name; the only objective where left out.
  /// - Throws: `InvalidInput` at `/metric` where there are several objectives and no name, and where the study does not ask
  ///   for a metric of that name.
  public func objective(named metric: String?) throws(InvalidInput) -> Objective {
    guard let metric else {
      if objectives.count == 1 { return objectives[0] }
      let names = objectives.map(\.metric).joined(separator: ", ")
      throw Self.refusal("The study has several objectives; name one of \(names).")
    }
    if let objective = objectives.first(where: { $0.metric == metric }) { return objective }
    guard let constraint = outcomeConstraints.first(where: { $0.metric == metric }) else {
      let names = requiredMetrics.joined(separator: ", ")
      throw Self.refusal("Must be a metric that the study asks for (\(names)), not \"\(metric)\".")
    }
    // What must not exceed a bound is better when it is small.
    switch constraint.bound {
    case .atMost: return Objective(metric, .minimise)
    case .atLeast: return Objective(metric, .maximise)
    }
  }

  private static func refusal(_ detail: String) -> InvalidInput {
    InvalidInput([InputMistake(pointer: "/metric", detail: detail)])
  }
}
