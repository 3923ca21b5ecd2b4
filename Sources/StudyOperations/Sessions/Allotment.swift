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
  /// The tuner's own words on that.
  var detail: String?

  init(_ request: AskRequest, from roster: Roster) {
    if let worker = request.worker {
      let held = roster.open.values.filter {
        $0.term != nil && $0.trial.worker == worker && $0.trial.parameters.has(request.fixed)
      }
      own = Array(held.map(\.trial.number).sorted().prefix(request.count))
    }
    let wanted = request.count - own.count
    if wanted == 0 { return }
    switch roster.study.state {
    case .paused: shortfall = .paused
    case .finished: shortfall = .finished
    case .active: allot(wanted, request.fixed, from: roster)
    }
  }

  /// Leaves no more new trials than there are suggestions for.
  ///
  /// - Parameter end: why there are no more.
  mutating func limit(to count: Int, _ end: SuggestionRun.End?) {
    guard newCount > count else { return }
    newCount = count
    shortfall = end?.shortfall ?? .spaceExhausted
    detail = end?.detail
  }

  private mutating func allot(_ wanted: Int, _ fixed: Parameters, from roster: Roster) {
    let budget = roster.study.definition.budget
    var budgetLeft = Self.budgetLeft(roster)
    let slots = budget.maxParallel.map { max(0, $0 - roster.underWayCount) } ?? .max
    let allowed = min(wanted, slots)
    var affordable = 0
    for trial in roster.open.values.map(\.trial).sorted(by: { $0.number < $1.number }) where trial.state == .waiting {
      // What was handed out before is paid for; what was enqueued is not.
      let isPaid = trial.attempt > 0
      if !isPaid && budgetLeft == 0 { continue }
      affordable += 1
      if waiting.count == allowed || !trial.parameters.has(fixed) { continue }
      waiting.append(trial.number)
      if !isPaid { budgetLeft -= 1 }
    }
    newCount = min(allowed - waiting.count, budgetLeft, Self.largestNewCount(roster))
    if waiting.count + newCount == wanted { return }
    if waiting.count == affordable, newCount == budgetLeft {
      let isOver = newCount == 0 && roster.open.values.allSatisfy { $0.trial.attempt == 0 } && waiting.isEmpty
      shortfall = isOver ? .finished : .budgetReserved
    } else {
      shortfall = .parallelLimit
    }
  }

  /// How many new trials the budget leaves.
  ///
  /// Every trial that was handed out counts against it, whatever its state, so the reservation of one that was given back
  /// is kept.
  private static func budgetLeft(_ roster: Roster) -> Int {
    roster.study.definition.budget.maxTrials.map { max(0, $0 - roster.handedOutCount) } ?? .max
  }

  /// How many new trials one answer may hold: a study of very many dimensions gets fewer at a time.
  static func largestNewCount(_ roster: Roster) -> Int {
    let affordable = max(1, StudyOperationLimits.valuesAtOnce / max(1, roster.study.definition.space.dimension))
    return min(budgetLeft(roster), affordable)
  }
}
