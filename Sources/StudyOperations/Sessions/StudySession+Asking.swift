import Dispatch
import TuningModel

extension StudySession {
  /// How often an ask is planned anew because the study has changed while its suggestions were computed.
  private static let plans = 100
  /// After so many plans results wait until the ask is answered, where the study is reproducible or values are fixed.
  private static let plansWithoutHolding = 3

  /// Hands out trials: the worker's own, waiting ones, then new ones, all in one commit.
  ///
  /// What is ready is of no use to one that fixes values; suggestions for it are computed when they are needed.
  func ask(_ asked: AskRequest) async throws(StudyError) -> AskAnswer {
    let arrival = Arrival(time: clock.monotonicNanoseconds, results: loaded?.fold.lastResult)
    let began = ContinuousClock.now
    let answer = try await notingCancellation { note throws(StudyError) in
      if loaded == nil { try await step(unless: note) { _ throws(StudyError) in } }
      let request = try checked(asked)
      if isGathered(request) { return try await gather(request, note) }
      return try await inTurnOfAsks(unless: note) { session throws(StudyError) in
        try await session.answer(request, note, arrival)
      }
    }
    if !answer.trials.isEmpty { instruments.noteAsk(of: tunerName, .now - began) }
    return answer
  }

  /// The request with its fixed values as the space writes them.
  ///
  /// - Throws: `invalid` when no point has them, or the tuner cannot be told to.
  private func checked(_ request: AskRequest) throws(StudyError) -> AskRequest {
    if request.fixed.isEmpty { return request }
    let known = try known
    if !(known.fold.tuner is any ParameterFixing) {
      throw .invalid("/fixed", "The tuner \(tunerName) takes no fixed values; leave them out.")
    }
    let region = FeasibleRegion(UnitCubeEncoding(known.roster.stored.original.space))
    do throws(InvalidInput) {
      var checked = request
      checked.fixed = try JSONReader.read(request.fixed.json, at: "/fixed") { region.fixing(reading: $0) }.fixed
      return checked
    } catch {
      throw StudyError(error)
    }
  }

  /// Whether a request may be answered together with others.
  private func isGathered(_ request: AskRequest) -> Bool {
    request.fixed.isEmpty && loaded.map { !type(of: $0.fold.tuner).heedsResults } ?? false
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
    var computed: ReadySuggestions?
    for attempt in 1...Self.plans {
      // Others that were gathered would take the numbers of its suggestions before it comes to its turn.
      if isGathered(request) { return try await gather(request, note) }
      let plan = try await step(unless: note, arrival: arrival.time) { [computed] session throws(StudyError) in
        try await session.plan(request, computed, note, arrival, holding: attempt > Self.plansWithoutHolding)
      }
      switch plan {
      case .answered(let answer, let withReady):
        if attempt == 1 && withReady { instruments.noteNeed(of: tunerName, wasReady: true) }
        return answer
      case .lacks(let need, let deadline):
        if attempt == 1 { instruments.noteNeed(of: tunerName, wasReady: false) }
        if request.fixed.isEmpty {
          try await suggestions(need, until: deadline, unless: note)
        } else {
          computed = try await compute(need.count, request.fixed, note)
        }
      }
    }
    throw StudyError(.unavailable, "The study \"\(name)\" changes faster than suggestions are computed; try again.")
  }

  /// Hands out what the request is due where the suggestions for it are ready.
  ///
  /// - Parameters:
  ///   - computed: suggestions with the values that the request fixes, where there are any yet.
  ///   - holding: whether a reproducible study, or a request that fixes values, waits for its suggestions here, so that
  ///     nothing can change meanwhile.
  private func plan(
    _ request: AskRequest, _ computed: ReadySuggestions?, _ note: CancellationNote, _ arrival: Arrival, holding: Bool
  ) async throws(StudyError) -> Plan {
    let known = try known
    let choice = known.roster.study.definition.tuner
    var allotment = Allotment(request, from: known.roster)
    if allotment.newCount == 0 { return .answered(try await handOut(request, allotment, nil), withReady: false) }

    let deadline = choice.reproducible ? nil : arrival.time &+ UInt64(choice.maxWaitMilliseconds) &* 1_000_000
    let need = SuggestionNeed(
      count: allotment.newCount, results: arrival.results ?? known.fold.lastResult,
      isOverdue: deadline.map { $0 <= clock.monotonicNanoseconds } ?? false)
    var ready = computed
    if !request.fixed.isEmpty {
      // What was corrected while they were computed, they do not know.
      if let history = ready?.run.history, history < firstSoundHistory { ready = nil }
      if holding { ready = try await compute(need.count, request.fixed, note) }
    } else {
      if choice.reproducible && holding { try await holdForSuggestions(need, known, note) }
      ready = self.ready
    }
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

  /// Computes suggestions that have certain values, from here.
  private func compute(
    _ count: Int, _ fixed: Parameters, _ note: CancellationNote
  ) async throws(StudyError) -> ReadySuggestions {
    try note.check()
    let known = try known
    let work = Preparation.Work(
      run: SuggestionRun(
        known.roster.stored, tuner: known.fold.tuner, from: known.roster.trialCount + 1, fixing: fixed),
      count: count, asker: note)
    underWay.enter()
    defer { underWay.leave() }
    return try await pool.run(.awaited) { work.outcome }.get()
  }

  private func handOut(
    _ request: AskRequest, _ allotment: Allotment, _ ready: ReadySuggestions?
  ) async throws(StudyError) -> AskAnswer {
    var draft = try draft()
    let answer = draft.handOut(request, allotment, ready?.suggestions ?? [])
    try await commit(draft, answering: .asked(answer))
    // What was prepared for all is for other numbers now where these were computed for one alone.
    noteAsk(allotment.newCount, of: request.fixed.isEmpty ? ready?.run.history : nil)
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
