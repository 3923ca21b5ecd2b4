import Dispatch
import TuningModel

/// Suggestions are computed one after another, never two at a time for a study: those that an ask waits for, and those
/// that the next asks are likely to want. Each computation starts from the newest state of the study; results that come
/// in meanwhile are known to the next one.
extension StudySession {
  /// Waits until there are suggestions for an ask, or something else has happened for which it has to be planned anew.
  ///
  /// - Parameter deadline: when those of an older model will do too; `nil` for never.
  /// - Throws: what the tuner failed with, computing for this ask; `unavailable` when the caller goes.
  func suggestions(
    _ need: SuggestionNeed, until deadline: UInt64?, unless note: CancellationNote
  ) async throws(StudyError) {
    // Whoever goes from here on finds itself in `awaited`.
    try note.check()
    let timer = deadline.map { deadline in
      Task {
        await clock.wait(until: deadline)
        if !Task.isCancelled { awaitedIsOverdue() }
      }
    }
    let failure = await withCheckedContinuation { continuation in
      awaited = AwaitedSuggestions(need: need, note: note) { continuation.resume(returning: $0) }
      serveAwaited()
      prepare()
    }
    timer?.cancel()
    if let failure { throw failure }
  }

  /// Starts the next computation where one is wanted and none is under way.
  func prepare() {
    let work = nextWork
    if let preparation {
      preparation.replace(work)
      if awaited != nil { pool.hasten(preparation.ticket) }
      return
    }
    guard let work else {
      // Nothing can be computed for the ask as things are.
      resumeAwaited(nil)
      return
    }
    let preparation = Preparation(work)
    self.preparation = preparation
    let urgency: ComputePool.Urgency = awaited == nil ? .ahead : .awaited
    underWay.enter()
    preparationTask = Task {
      defer { underWay.leave() }
      let computed = await pool.run(urgency, as: preparation.ticket) { preparation.compute() }
      self.preparation = nil
      if let computed { take(computed.outcome, computedFor: computed.asker) }
      goOn()
    }
  }

  /// Takes up what a computation came to.
  private func take(_ outcome: Result<ReadySuggestions, StudyError>, computedFor asker: CancellationNote?) {
    switch outcome {
    case .success(let computed): adopt(computed)
    case .failure(let error):
      // The next ask or result tries again; an ask that came meanwhile computes for itself.
      owed = nil
      if let asker, asker === awaited?.note { resumeAwaited(error) }
    }
  }

  /// Goes on after a computation has ended.
  private func goOn() {
    serveAwaited()
    // Where only exact suggestions will do, and results came in meanwhile, the ask has to be planned anew.
    if let loaded, loaded.roster.study.definition.tuner.reproducible, ready?.isCurrent(loaded) != true {
      resumeAwaited(nil)
    }
    prepare()
  }

  private func adopt(_ computed: ReadySuggestions) {
    // What was corrected while it was computed, it does not know.
    if computed.run.history < firstSoundHistory { return }
    guard let loaded, ready?.append(computed) != true else { return }
    if computed.fits(loaded.roster) { ready = computed }
  }

  /// What to compute next: the run that is ready goes on as long as it is new enough; else a new one starts from here.
  private var nextWork: Preparation.Work? {
    guard let loaded else { return nil }
    let wanted = max(awaited?.need.count ?? 0, wantedAhead(loaded))
    if wanted == 0 { return nil }
    if let ready, ready.fits(loaded.roster), isNewEnough(ready, loaded) {
      if ready.has(wanted) { return nil }
      if !ready.suggestions.isEmpty { return work(on: ready.run, wanted - ready.suggestions.count) }
    }
    return work(
      on: SuggestionRun(loaded.roster.stored, tuner: loaded.fold.tuner, from: loaded.roster.trialCount + 1), wanted)
  }

  private func isNewEnough(_ ready: ReadySuggestions, _ known: Loaded) -> Bool {
    awaited.map { ready.suit($0.need, known) } ?? owed.map { ready.run.history >= $0 } ?? false
  }

  private func work(on run: SuggestionRun, _ count: Int) -> Preparation.Work {
    Preparation.Work(run: run, count: run.stride(for: count), asker: awaited?.note)
  }

  /// How many suggestions are worth having before anybody asks.
  private func wantedAhead(_ known: Loaded) -> Int {
    guard owed != nil, known.roster.study.state == .active, type(of: known.fold.tuner).suggestsAhead else { return 0 }
    return min(demand.together, Allotment.largestNewCount(known.roster))
  }
}

// MARK: What happens meanwhile

extension StudySession {
  /// Lets go of suggestions that were handed out, and prepares the next.
  func noteAsk(_ count: Int, of history: Int?) {
    if let history { ready?.drop(count, of: history) }
    demand.noteAsk(count)
    prepareAhead()
  }

  /// Prepares suggestions that know a result that was committed, where that is worth it; those that are owed to an earlier
  /// one are still prepared where it is not.
  func noteResult() {
    guard let loaded else { return }
    demand.noteResult()
    if demand.isWorthRenewing(underWay: loaded.roster.underWayCount) { prepareAhead() } else { prepare() }
  }

  private func prepareAhead() {
    if !isStopping { owed = loaded?.lastToKnow }
    prepare()
  }

  /// Discards what is ready; nothing is prepared before the next ask or result.
  func discardSuggestions() {
    ready = nil
    owed = nil
    prepare()
  }

  /// Prepares nothing more that nobody waits for.
  func stopPreparing() {
    isStopping = true
    discardSuggestions()
  }

  /// Lets an ask go whose caller has gone.
  func giveUpSuggestions() {
    guard let awaited, awaited.note.isCancelled else { return }
    resumeAwaited(.givenUp)
    prepare()
  }

  private func awaitedIsOverdue() {
    awaited?.need.isOverdue = true
    serveAwaited()
    prepare()
  }

  private func serveAwaited() {
    guard let awaited, let loaded, let ready else { return }
    if ready.serve(awaited.need, loaded) { resumeAwaited(nil) }
  }

  private func resumeAwaited(_ failure: StudyError?) {
    guard let awaited else { return }
    self.awaited = nil
    awaited.resume(failure)
  }
}
