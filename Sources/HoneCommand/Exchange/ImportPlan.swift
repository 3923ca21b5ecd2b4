package import TuningModel

/// What an import would add to a store, and what it would leave out and why.
package struct ImportPlan: Sendable {
  /// The study as it will be.
  package var definition: StudyDefinition
  /// The state that it is left in.
  package var state = StudyState.active
  /// The trials in the order in which they get their numbers.
  package private(set) var trials: [Candidate] = []
  /// The trials that are left out.
  package private(set) var refused: [Refusal] = []
  /// What is lost or changed, a sentence each.
  package var notes: [String] = []

  /// A trial of the source.
  package struct Candidate: Hashable, Sendable {
    /// What the source calls it, such as `trial 17`.
    package var source: String
    /// What is added.
    package var trial: EnqueuedTrial
    /// Whether it is taken out of what the study goes by once it is there.
    package var isExcluded = false

    /// Creates a candidate.
    package init(_ source: String, _ trial: EnqueuedTrial, isExcluded: Bool = false) {
      self.source = source
      self.trial = trial
      self.isExcluded = isExcluded
    }
  }

  /// A trial that is left out.
  package struct Refusal: Hashable, Sendable {
    /// What the source calls it.
    package var source: String
    /// Why.
    package var reason: String
  }

  /// Plans a study without trials.
  package init(_ definition: StudyDefinition, notes: [String] = []) {
    self.definition = definition
    self.notes = notes
  }

  /// Leaves a trial out.
  package mutating func refuse(_ source: String, _ reason: String) {
    refused.append(Refusal(source: source, reason: reason))
  }

  /// Takes a trial where the study can have it.
  package mutating func add(_ candidate: Candidate) {
    var candidate = candidate
    do throws(InvalidInput) {
      candidate.trial.parameters = try definition.space.values(candidate.trial.parameters.json)
    } catch {
      return refuse(candidate.source, Self.text(error))
    }
    if case .completed(let measurement)? = candidate.trial.outcome {
      let missing = definition.requiredMetrics.filter { measurement.metrics[$0] == nil }
      if !missing.isEmpty {
        return refuse(candidate.source, "has no value of \(missing.joined(separator: ", "))")
      }
    }
    trials.append(candidate)
  }

  private static func text(_ error: InvalidInput) -> String {
    error.mistakes.prefix(4).map { mistake in
      let name = mistake.pointer.hasPrefix("/") ? String(mistake.pointer.dropFirst()) : mistake.pointer
      return (name.isEmpty ? "" : "\(name): ") + mistake.detail
    }.joined(separator: " ")
  }
}
