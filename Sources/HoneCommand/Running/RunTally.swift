package import TuningModel

/// What a run has done so far.
package struct RunTally: Hashable, Sendable {
  /// The number of trials that this run finished, by their final state.
  package private(set) var finished: [TrialState: Int] = [:]
  /// The number of trials that it gave back.
  package private(set) var givenBack = 0
  /// The number of trials that another worker, or the user, took from it.
  package private(set) var lost = 0
  /// The number of programs under way.
  package private(set) var running = 0
  /// The best trial known: the study's at the start, and those of this run since.
  package private(set) var best: Trial?

  private let definition: StudyDefinition

  /// Creates a tally of a study of which the best trial so far is known.
  package init(_ definition: StudyDefinition, best: Trial? = nil) {
    self.definition = definition
    self.best = best
  }

  /// The number of trials that this run finished.
  package var finishedCount: Int { finished.values.reduce(0, +) }

  /// What may happen to a trial in a run.
  package enum Step: Sendable {
    case started
    case finished(Trial)
    case gaveBack
    case lost
  }

  /// Takes in what happened to a trial.
  package mutating func record(_ step: Step) {
    switch step {
    case .started: running += 1
    case .finished(let trial):
      running -= 1
      finished[trial.state, default: 0] += 1
      if isBest(trial) { best = trial }
    case .gaveBack:
      running -= 1
      givenBack += 1
    case .lost:
      running -= 1
      lost += 1
    }
  }

  /// The metric that trials are compared by; `nil` where several objectives leave no single order.
  package var metric: String? { definition.objectives.count == 1 ? definition.objectives.first?.metric : nil }

  private func isBest(_ trial: Trial) -> Bool {
    guard trial.state == .completed, definition.objectives.count == 1, let objective = definition.objectives.first,
      let metrics = trial.measurement?.metrics, let value = metrics[objective.metric], value.isFinite,
      definition.outcomeConstraints.allSatisfy({ $0.isSatisfied(by: metrics) })
    else { return false }
    guard let incumbent = best?.measurement?.metrics[objective.metric] else { return true }
    return objective.cost(of: value) < objective.cost(of: incumbent)
  }
}
