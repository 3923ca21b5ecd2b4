public import TuningModel
import VarianceDecomposition

extension StudyService {
  /// How much of a metric's variance over the search space is due to each parameter.
  ///
  /// It goes by all completed trials that are not excluded, whether or not they keep the outcome constraints.
  /// - Throws: `no_model_yet` where there are fewer than `leastTrialsForImportance`, `invalid` for a metric that the study
  ///   does not ask for, for none where there are several, and for a share that is none.
  public func importance(
    _ study: String, _ selection: ImportanceSelection
  ) async throws(StudyError) -> ImportanceReport {
    let stored = try await stored(study)
    if !(selection.share > 0 && selection.share <= 1) {
      throw .invalid("/best", "Must be above 0 and at most 1, not \(selection.share).")
    }
    let objective: Objective
    do throws(InvalidInput) {
      objective = try stored.study.definition.objective(named: selection.metric)
    } catch {
      throw StudyError(error)
    }
    var evaluations = Evaluations(in: stored.study.definition.space, seed: stored.study.seed)
    let order = TrialOrder(.number)
    let completed = TrialSelection(states: [.completed], order: order)
    let size = min(1_000, affordablePage(of: stored))
    var place: TrialPlace?
    while true {
      let trials = try await store.trials(of: stored, completed, after: place, limit: size)
      for trial in trials where trial.excludedAt == nil {
        guard let value = trial.measurement?.metrics[objective.metric], value.isFinite else { continue }
        evaluations.add(trial.parameters, value)
      }
      guard trials.count == size, let last = trials.last, !Task.isCancelled else { break }
      place = TrialPlace(number: last.number)
    }
    let least = StudyOperationLimits.leastTrialsForImportance
    guard evaluations.count >= least else {
      throw StudyError(
        .noModelYet,
        """
        The importance of parameters needs \(least) completed trials with \(objective.metric); the study "\(study)" has \
        \(evaluations.count).
        """)
    }
    let note = CancellationNote()
    let known = evaluations
    let report = await withTaskCancellationHandler {
      await chores.run {
        ForestDecomposition.report(
          on: known, of: objective, best: selection.share, seed: stored.study.seed, unless: { note.isCancelled })
      }
    } onCancel: {
      note.cancel()
    }
    guard let report else { throw .givenUp }
    return report
  }
}
