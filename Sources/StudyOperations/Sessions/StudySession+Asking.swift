import TuningModel

extension StudySession {
  /// How often an ask is planned anew because the study has changed while its suggestions were computed.
  private static let plans = 100

  /// Hands out trials: the worker's own, waiting ones, then new ones, all in one commit.
  func ask(_ request: AskRequest) async throws(StudyError) -> AskAnswer {
    return try await notingCancellation { note throws(StudyError) in
      try await inTurnOfAsks(unless: note) { session throws(StudyError) in try await session.answer(request, note) }
    }
  }

  private enum Plan: Sendable {
    case answered(AskAnswer)
    case suggest(SuggestionBatch)
  }

  /// Plans, computes and hands out, until a plan still holds once its suggestions are there.
  private func answer(_ request: AskRequest, _ note: CancellationNote) async throws(StudyError) -> AskAnswer {
    for _ in 1...Self.plans {
      let plan = try await step(unless: note) { session throws(StudyError) in try await session.plan(request) }
      switch plan {
      case .answered(let answer): return answer
      case .suggest(let batch):
        let result = await pool.run { batch.result }
        let suggestions = try result.get()
        let answer = try await step(unless: note) { session throws(StudyError) in
          try await session.handOut(request, batch, suggestions)
        }
        if let answer { return answer }
      }
    }
    throw StudyError(.unavailable, "The study \"\(name)\" changes faster than suggestions are computed; try again.")
  }

  private func plan(_ request: AskRequest) async throws(StudyError) -> Plan {
    let known = try known
    let allotment = Allotment(request, from: known.roster)
    if allotment.newCount == 0 { return .answered(try await handOut(request, allotment, [])) }
    let first = known.roster.trialCount + 1
    return .suggest(
      SuggestionBatch(
        study: known.roster.stored, tuner: known.fold.tuner, numbers: first..<(first + allotment.newCount)))
  }

  /// Hands out what the request is due now that the suggestions are there; `nil` when they no longer fit.
  private func handOut(
    _ request: AskRequest, _ batch: SuggestionBatch, _ suggestions: [Suggestion]
  ) async throws(StudyError) -> AskAnswer? {
    let roster = try known.roster
    var allotment = Allotment(request, from: roster)
    let isCurrent =
      roster.stored.id == batch.study.id && roster.trialCount + 1 == batch.numbers.lowerBound
      && (roster.stored.lastSequence == batch.study.lastSequence || !batch.study.study.definition.tuner.reproducible)
    guard isCurrent, allotment.newCount <= batch.numbers.count else { return nil }
    if allotment.newCount > suggestions.count {
      allotment.newCount = suggestions.count
      allotment.shortfall = .spaceExhausted
    }
    return try await handOut(request, allotment, suggestions.prefix(allotment.newCount))
  }

  private func handOut(
    _ request: AskRequest, _ allotment: Allotment, _ suggestions: some Collection<Suggestion> & Sendable
  ) async throws(StudyError) -> AskAnswer {
    var draft = try draft()
    let standard = draft.roster.study.definition.budget.trialTimeoutSeconds ?? LeaseTerm.standard
    let seconds = request.leaseSeconds ?? standard
    for number in allotment.own { draft.renew(number, seconds: request.leaseSeconds) }
    for number in allotment.waiting {
      if let trial = draft.roster.open[number]?.trial { draft.start(trial, request.worker, seconds) }
    }
    var numbers = allotment.own + allotment.waiting
    for suggestion in suggestions {
      let number = draft.roster.trialCount + 1
      draft.start(
        Trial(
          number: number, state: .waiting, parameters: suggestion.parameters, origin: suggestion.origin, attempt: 0,
          createdAt: draft.now, startedAt: draft.now), request.worker, seconds)
      numbers.append(number)
    }
    try await commit(draft)
    return AskAnswer(
      numbers.compactMap { draft.roster.open[$0]?.trial }, state: draft.roster.study.state,
      shortfall: allotment.shortfall)
  }
}

extension SuggestionBatch {
  /// The suggestions, or what the tuner failed with.
  fileprivate var result: Result<[Suggestion], StudyError> {
    do throws(StudyError) { return .success(try run()) } catch { return .failure(error) }
  }
}

extension Draft {
  /// Hands a trial to a worker.
  fileprivate mutating func start(_ trial: Trial, _ worker: String?, _ seconds: Double) {
    var started = trial
    started.state = .running
    started.reason = nil
    started.worker = worker
    started.attempt += 1
    started.startedAt = now
    started.lease = Lease(token: LeaseToken.draw(), expiresAt: now.advanced(bySeconds: seconds))
    record(
      .started(Suggestion(trial.parameters, origin: trial.origin), worker: worker, attempt: started.attempt), started,
      term: LeaseTerm(seconds: seconds, from: monotonic))
  }
}
