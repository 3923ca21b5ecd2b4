/// Where a trial stands among those of its study, as far as its metrics say.
public struct TrialStanding: Hashable, Sendable {
  /// The objective of a completed trial, to be minimised; `nil` where there are several, or it has none.
  public var cost: Double?
  /// Whether the trial may count as a good one: it is completed, keeps the outcome constraints and is not excluded.
  public var isEligible: Bool

  /// Works out where a trial stands.
  public init(_ trial: Trial, in study: StudyDefinition) {
    guard trial.state == .completed, let metrics = trial.measurement?.metrics else {
      cost = nil
      isEligible = false
      return
    }
    if study.objectives.count == 1, let value = metrics[study.objectives[0].metric], value.isFinite {
      cost = study.objectives[0].cost(of: value)
    }
    isEligible =
      trial.excludedAt == nil && study.objectives.allSatisfy { metrics[$0.metric]?.isFinite ?? false }
      && study.outcomeConstraints.allSatisfy { $0.isSatisfied(by: metrics) }
  }
}
