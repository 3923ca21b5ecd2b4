public import TuningModel

extension StudyService {
  /// How the best value came about.
  ///
  /// - Throws: `unsupported` for a study with several objectives.
  public func history(_ study: String) async throws(StudyError) -> IncumbentHistory {
    let stored = try await stored(study)
    let objective = try stored.objective
    let costs = try await store.costs(of: stored)
    var improvements: [IncumbentHistory.Improvement] = []
    var best = Double.infinity
    for (index, cost) in costs.enumerated() where cost.cost < best {
      best = cost.cost
      improvements.append(
        IncumbentHistory.Improvement(
          trial: cost.trial, value: objective.value(ofCost: best), completed: index + 1, finishedAt: cost.finishedAt))
    }
    return IncumbentHistory(of: objective, improvements, completed: costs.count)
  }

  /// The completed trials that no other one is better than in every objective, by number.
  public func pareto(_ study: String, _ page: PageRequest) async throws(StudyError) -> Page<Trial> {
    try page.check()
    let stored = try await stored(study)
    let order = TrialOrder(.number)
    let place = page.token.map { TrialPlace(token: $0, in: order) }
    if case .some(nil) = place { throw .invalid("/page_token", "This is no token of a page of this list.") }
    let objectives = stored.study.definition.objectives
    let rows = try await store.values(of: stored, metrics: objectives.map(\.metric))
    let first = (place ?? nil)?.number ?? 0
    let front = await chores.run {
      ParetoFront.indices(of: rows.map { row in zip(objectives, row.values).map { $0.cost(of: $1) } })
        .map { rows[$0].number }.filter { $0 > first }.sorted()
    }
    let size = min(page.size, affordablePage(of: stored))
    var trials: [Trial] = []
    for number in front.prefix(size) {
      if let trial = try await store.trial(number, of: stored) { trials.append(trial) }
    }
    let token = { (trial: Trial) in TrialPlace(number: trial.number).token(in: order) }
    var result = Page(trials, nextToken: front.count > size ? trials.last.map(token) : nil)
    Self.limitText(of: &result, token: token)
    return result
  }
}
