import TuningModel

/// What a worker may be given, by the study's state and budget.
struct Allotment: Sendable {
  /// The worker's own unfinished trials.
  var own: [TrialNumber] = []
  /// Trials that wait to be handed out again.
  var waiting: [TrialNumber] = []
  /// The number of new trials.
  var newCount = 0
  /// Why this is less than was asked for.
  var shortfall: AskAnswer.Shortfall?

  init(_ request: AskRequest, from roster: Roster) {
    if let worker = request.worker {
      let held = roster.open.values.filter { $0.term != nil && $0.trial.worker == worker }
      own = Array(held.map(\.trial.number).sorted().prefix(request.count))
    }
    let wanted = request.count - own.count
    if wanted == 0 { return }
    switch roster.study.state {
    case .paused: shortfall = .paused
    case .finished: shortfall = .finished
    case .active: allot(wanted, from: roster)
    }
  }

  private mutating func allot(_ wanted: Int, from roster: Roster) {
    let budget = roster.study.definition.budget
    let budgetLeft = Self.budgetLeft(roster)
    let slots = budget.maxParallel.map { max(0, $0 - roster.underWayCount) } ?? .max
    let allowed = min(wanted, slots)
    let everyWaiting = roster.open.values.filter { $0.trial.state == .waiting }.map(\.trial.number)
    waiting = Array(everyWaiting.sorted().prefix(allowed))
    newCount = min(allowed - waiting.count, Self.largestNewCount(roster))
    if waiting.count + newCount == wanted { return }
    if waiting.count == everyWaiting.count, newCount == budgetLeft {
      shortfall = roster.open.isEmpty && newCount == 0 ? .finished : .budgetReserved
    } else {
      shortfall = .parallelLimit
    }
  }

  /// How many new trials the budget leaves.
  ///
  /// Every trial counts against it, whatever its state, so the reservation of one that waits is kept.
  private static func budgetLeft(_ roster: Roster) -> Int {
    roster.study.definition.budget.maxTrials.map { max(0, $0 - roster.trialCount) } ?? .max
  }

  /// How many new trials one answer may hold: a study of very many dimensions gets fewer at a time.
  static func largestNewCount(_ roster: Roster) -> Int {
    let affordable = max(1, StudyOperationLimits.valuesAtOnce / max(1, roster.study.definition.space.dimension))
    return min(budgetLeft(roster), affordable)
  }
}
