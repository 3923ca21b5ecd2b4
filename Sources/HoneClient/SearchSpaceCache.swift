import TuningModel

/// The search spaces of the studies that a client works with.
///
/// JSON does not tell 1 from 1.0, so what type a parameter's value has, only the space knows. A study's space never
/// changes; a study that was deleted and created anew under its name is noticed when a value does not fit.
actor SearchSpaceCache {
  private var spaces: [String: SearchSpace] = [:]

  /// Keeps the space of a study.
  func keep(_ space: SearchSpace, of study: String) { spaces[study] = space }

  /// Forgets the space of a study.
  func forget(_ study: String) { spaces[study] = nil }

  /// The trials with every value in the form that the space gives it, or `nil` where the space is not known or they are
  /// not of it.
  func canonical(_ trials: [Trial], of study: String) -> [Trial]? {
    guard let space = spaces[study] else { return nil }
    var result = trials
    for index in trials.indices {
      guard let parameters = space.canonical(trials[index].parameters) else { return nil }
      result[index].parameters = parameters
    }
    return result
  }

  /// Parameters in the form that the space gives them, in the same manner.
  func canonical(_ parameters: Parameters, of study: String) -> Parameters? { spaces[study]?.canonical(parameters) }

  /// A decision with its parameters in the form that the space gives them, in the same manner.
  func canonical(_ decision: Decision, of study: String) -> Decision? { spaces[study]?.canonical(decision) }
}
