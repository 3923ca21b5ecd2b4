import TuningModel

/// Suggestions are computed one after another, never two at a time for a study: those that an ask waits for, and those
/// that the next asks are likely to want. Each computation starts from the newest state of the study; results that come
/// in meanwhile are known to the next one.
extension StudySession {
  /// Waits until there are suggestions for an ask, or something else has happened for which it has to be planned anew.
  ///
  /// - Parameter deadline: when those of an older model will do too; `nil` for never.
  /// - Throws: what the tuner failed with.
  func suggestions(_ need: SuggestionNeed, until deadline: UInt64?) async throws(StudyError) {
    let timer = deadline.map { deadline in
      Task {
        await clock.wait(until: deadline)
        if !Task.isCancelled { awaitedIsOverdue() }
      }
    }
    let failure = await withCheckedContinuation { continuation in
      awaited = AwaitedSuggestions(need: need) { continuation.resume(returning: $0) }
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
    preparationTask = Task {
      let outcome = await pool.run(urgency, as: preparation.ticket) { preparation.compute() }
      finish(outcome)
    }
  }

  /// Takes up what a computation came to.
  private func finish(_ outcome: Result<ReadySuggestions, StudyError>?) {
    preparation = nil
    switch outcome {
    case .success(let computed): adopt(computed)
    case .failure(let error):
      // The next ask or result tries again.
      preparesAhead = false
      resumeAwaited(error)
    case nil: break
    }
    serveAwaited()
    // Where only exact suggestions will do, and results came in meanwhile, the ask has to be planned anew.
    if let loaded, loaded.roster.study.definition.tuner.reproducible, ready?.isCurrent(loaded) != true {
      resumeAwaited(nil)
    }
    prepare()
  }

  private func adopt(_ computed: ReadySuggestions) {
    guard let loaded, ready?.append(computed) != true else { return }
    if computed.fits(loaded.roster) { ready = computed }
  }

  /// What to compute next: the run that is ready goes on as long as it is new enough; else a new one starts from here.
  private var nextWork: Preparation.Work? {
    guard let loaded else { return nil }
    let wanted = max(awaited?.need.count ?? 0, wantedAhead(loaded))
    if wanted == 0 { return nil }
    if let ready, ready.fits(loaded.roster), awaited.map({ ready.suit($0.need, loaded) }) ?? ready.isCurrent(loaded) {
      if ready.has(wanted) { return nil }
      if !ready.suggestions.isEmpty { return work(on: ready.run, wanted - ready.suggestions.count) }
    }
    return work(
      on: SuggestionRun(loaded.roster.stored, tuner: loaded.fold.tuner, from: loaded.roster.trialCount + 1), wanted)
  }

  private func work(on run: SuggestionRun, _ count: Int) -> Preparation.Work {
    Preparation.Work(run: run, count: run.stride(for: count))
  }

  /// How many suggestions are worth having before anybody asks.
  private func wantedAhead(_ known: Loaded) -> Int {
    guard preparesAhead, known.roster.study.state == .active, type(of: known.fold.tuner).suggestsAhead else { return 0 }
    return min(demand.together, Allotment.largestNewCount(known.roster))
  }
}

// MARK: What happens meanwhile

extension StudySession {
  /// Lets go of suggestions that were handed out, and prepares the next.
  func noteAsk(_ count: Int, of history: Int) {
    ready?.drop(count, of: history)
    demand.noteAsk(count)
    preparesAhead = !isStopping
    prepare()
  }

  /// Prepares suggestions that know a result that was committed.
  func noteResult() {
    guard let loaded else { return }
    demand.noteResult()
    preparesAhead = !isStopping && demand.isWorthRenewing(underWay: loaded.roster.underWayCount)
    prepare()
  }

  /// Discards what is ready; nothing is prepared before the next ask or result.
  func discardSuggestions() {
    ready = nil
    preparesAhead = false
    prepare()
  }

  /// Prepares nothing more that nobody waits for.
  func stopPreparing() {
    isStopping = true
    discardSuggestions()
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
