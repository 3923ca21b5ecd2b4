import TuningModel

extension StudySession {
  /// How often an ask is planned anew because the study has changed while its suggestions were computed.
  private static let plans = 100
  /// After so many plans of a reproducible study, results wait until the ask is answered.
  private static let plansWithoutHolding = 3

  /// Hands out trials: the worker's own, waiting ones, then new ones, all in one commit.
  func ask(_ request: AskRequest) async throws(StudyError) -> AskAnswer {
    let arrival = Arrival(time: clock.monotonicNanoseconds, results: loaded?.fold.lastResult)
    let began = ContinuousClock.now
    let answer = try await notingCancellation { note throws(StudyError) in
      if loaded == nil { try await step(unless: note) { _ throws(StudyError) in } }
      if let loaded, !type(of: loaded.fold.tuner).heedsResults { return try await gather(request, note) }
      return try await inTurnOfAsks(unless: note) { session throws(StudyError) in
        try await session.answer(request, note, arrival)
      }
    }
    if !answer.trials.isEmpty { instruments.noteAsk(of: tunerName, .now - began) }
    return answer
  }

  /// The name of the study's tuner, where the study is known.
  private var tunerName: String { loaded?.roster.study.tunerName ?? "unknown" }

  /// When an ask arrived, and the last result before, where that is known.
  private struct Arrival: Sendable {
    var time: UInt64
    var results: Int?
  }

  private enum Plan: Sendable {
    case answered(AskAnswer, withReady: Bool)
    /// Suggestions are needed; from the deadline on, those of an older model will do.
    case lacks(SuggestionNeed, deadline: UInt64?)
  }

  /// Plans and hands out, waiting for suggestions in between.
  private func answer(
    _ request: AskRequest, _ note: CancellationNote, _ arrival: Arrival
  ) async throws(StudyError) -> AskAnswer {
    for attempt in 1...Self.plans {
      // Others that were gathered would take the numbers of its suggestions before it comes to its turn.
      if let loaded, !type(of: loaded.fold.tuner).heedsResults { return try await gather(request, note) }
      let plan = try await step(unless: note, arrival: arrival.time) { session throws(StudyError) in
        try await session.plan(request, note, arrival, holding: attempt > Self.plansWithoutHolding)
      }
      switch plan {
      case .answered(let answer, let withReady):
        if attempt == 1 && withReady { instruments.noteNeed(of: tunerName, wasReady: true) }
        return answer
      case .lacks(let need, let deadline):
        if attempt == 1 { instruments.noteNeed(of: tunerName, wasReady: false) }
        try await suggestions(need, until: deadline, unless: note)
      }
    }
    throw StudyError(.unavailable, "The study \"\(name)\" changes faster than suggestions are computed; try again.")
  }

  /// Hands out what the request is due where the suggestions for it are ready.
  ///
  /// - Parameter holding: whether a reproducible study waits for its suggestions here, so that nothing can change meanwhile.
  private func plan(
    _ request: AskRequest, _ note: CancellationNote, _ arrival: Arrival, holding: Bool
  ) async throws(StudyError) -> Plan {
    let known = try known
    let choice = known.roster.study.definition.tuner
    var allotment = Allotment(request, from: known.roster)
    if allotment.newCount == 0 { return .answered(try await handOut(request, allotment, nil), withReady: false) }

    let deadline = choice.reproducible ? nil : arrival.time &+ UInt64(choice.maxWaitMilliseconds) &* 1_000_000
    let need = SuggestionNeed(
      count: allotment.newCount, results: arrival.results ?? known.fold.lastResult,
      isOverdue: deadline.map { $0 <= clock.monotonicNanoseconds } ?? false)
    if choice.reproducible && holding { try await holdForSuggestions(need, known, note) }
    guard let ready, ready.serve(need, known) else { return .lacks(need, deadline: deadline) }
    allotment.limit(to: ready.suggestions.count, ready.run.end)
    return .answered(try await handOut(request, allotment, ready), withReady: true)
  }

  /// Waits for suggestions inside a step, so that nothing changes meanwhile.
  ///
  /// One computation may be under way that began before; the next ones begin here.
  private func holdForSuggestions(
    _ need: SuggestionNeed, _ known: Loaded, _ note: CancellationNote
  ) async throws(StudyError) {
    for _ in 0...(need.count + 1) where ready?.serve(need, known) != true {
      try await suggestions(need, until: nil, unless: note)
    }
  }

  private func handOut(
    _ request: AskRequest, _ allotment: Allotment, _ ready: ReadySuggestions?
  ) async throws(StudyError) -> AskAnswer {
    var draft = try draft()
    let answer = draft.handOut(request, allotment, ready?.suggestions ?? [])
    try await commit(draft, answering: .asked(answer))
    noteAsk(allotment.newCount, of: ready?.run.history ?? 0)
    return answer
  }
}

extension Draft {
  /// Hands out what a request is due, new trials with the first of some suggestions.
  mutating func handOut(_ request: AskRequest, _ allotment: Allotment, _ suggestions: [Suggestion]) -> AskAnswer {
    let standard = roster.study.definition.budget.trialTimeoutSeconds ?? LeaseTerm.standard
    let seconds = request.leaseSeconds ?? standard
    for number in allotment.own { renew(number, seconds: request.leaseSeconds) }
    for number in allotment.waiting {
      if let trial = roster.open[number]?.trial { start(trial, request.worker, seconds) }
    }
    var numbers = allotment.own + allotment.waiting
    for suggestion in suggestions.prefix(allotment.newCount) {
      let number = roster.trialCount + 1
      start(
        Trial(
          number: number, state: .waiting, parameters: suggestion.parameters, origin: suggestion.origin,
          request: suggestion.request, resume: suggestion.resume, attempt: 0, createdAt: now, startedAt: now),
        request.worker, seconds)
      numbers.append(number)
    }
    return AskAnswer(
      numbers.compactMap { roster.open[$0]?.trial }, state: roster.study.state, shortfall: allotment.shortfall,
      detail: allotment.detail)
  }

  /// Hands a trial to a worker.
  private mutating func start(_ trial: Trial, _ worker: String?, _ seconds: Double) {
    var started = trial
    started.state = .running
    started.reason = nil
    started.worker = worker
    started.attempt += 1
    started.startedAt = now
    started.lease = Lease(token: LeaseToken.draw(), expiresAt: now.advanced(bySeconds: seconds))
    record(
      .started(trial.suggestion, worker: worker, attempt: started.attempt), started,
      term: LeaseTerm(seconds: seconds, from: monotonic))
  }
}
