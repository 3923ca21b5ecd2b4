import TuningModel

/// Waiting for the disk is most of what a small write costs. So the writes of a study that arrive while a step is under way
/// are carried out by the next one together, in the order of their arrival, each with an answer or a refusal of its own;
/// all of them are answered after the one commit.
extension StudySession {
  /// The most writes in one group.
  private static let largestGroup = 256

  /// Hands out trials together with other writes.
  func gather(_ request: AskRequest, _ note: CancellationNote) async throws(StudyError) -> AskAnswer {
    try await gather { .ask(request, note, $0) }
  }

  /// Takes a result together with other writes.
  func gather(_ result: TrialResult, of number: TrialNumber) async throws(StudyError) -> Trial {
    try await gather { .tell(number, result, $0) }
  }

  private func gather<Answer: Sendable>(
    _ kind: (@escaping GatheredWrite.Reply<Answer>) -> GatheredWrite.Kind
  ) async throws(StudyError) -> Answer {
    let repeatable = RepeatableWrite.current
    let result: Result<Answer, StudyError> = await withCheckedContinuation { continuation in
      gathered.append(GatheredWrite(kind: kind { continuation.resume(returning: $0) }, repeatable: repeatable))
      if gathered.count == 1 { carryOutGathered() }
    }
    return try result.get()
  }

  /// Takes the next step for what has been gathered by the time it begins.
  private func carryOutGathered() {
    let arrival = clock.monotonicNanoseconds
    let group = GatheredGroup()
    Task {
      do throws(StudyError) {
        try await step(arrival: arrival) { session throws(StudyError) in try await session.carryOut(group) }
      } catch {
        if group.writes.isEmpty { take(into: group) }
        for write in group.writes { write.refuse(error) }
      }
    }
  }

  /// Moves the writes that come first into a group, no more than one computation of suggestions serves.
  private func take(into group: GatheredGroup) {
    let most = loaded.map { Allotment.largestNewCount($0.roster) } ?? .max
    var wanted = 0
    group.writes = Array(
      gathered.prefix(Self.largestGroup).enumerated().prefix { index, write in
        wanted += min(write.wanted, most)
        return index == 0 || wanted <= most
      }.map(\.element))
    gathered.removeFirst(group.writes.count)
    if !gathered.isEmpty { carryOutGathered() }
  }

  private func carryOut(_ group: GatheredGroup) async throws(StudyError) {
    if group.writes.isEmpty { take(into: group) }
    var draft = try draft()
    var ready = try await suggestions(for: group)
    var replies: [@Sendable () -> Void] = []
    var kept: [(write: RepeatableWrite, answer: KeptAnswer)] = []
    var results = 0
    for write in group.writes {
      let events = draft.events.count
      do throws(StudyError) {
        let (answer, reply) = try await carryOut(write.kind, in: &draft, &ready)
        replies.append(reply)
        // What changes nothing is not kept with a change.
        if draft.events.count == events { continue }
        if case .tell = write.kind { results += 1 }
        if let repeatable = write.repeatable { kept.append((repeatable, repeatable.answer(answer, at: draft.now))) }
      } catch {
        replies.append { write.refuse(error) }
      }
    }
    try await commit(draft, keeping: kept.map(\.answer))
    for (write, answer) in kept { write.note(answer) }
    for reply in replies { reply() }
    for _ in 0..<results { noteResult() }
  }

  /// Suggestions for all asks of a group, and the run that made them.
  private func suggestions(for group: GatheredGroup) async throws(StudyError) -> GatheredSuggestions {
    let known = try known
    let run = SuggestionRun(known.roster.stored, tuner: known.fold.tuner, from: known.roster.trialCount + 1)
    let wanted = min(group.writes.reduce(0) { $0 + $1.wanted }, Allotment.largestNewCount(known.roster))
    guard wanted > 0, known.roster.study.state == .active else { return GatheredSuggestions(run: run) }
    return try await chores.run {
      Result { () throws(StudyError) in
        var run = run
        let suggestions = try run.advance(wanted)
        return GatheredSuggestions(run: run, suggestions: suggestions)
      }
    }.get()
  }

  /// Drafts one write; one that is refused leaves the draft as it was.
  ///
  /// - Returns: the answer, and what gives it to whoever waits.
  private func carryOut(
    _ kind: GatheredWrite.Kind, in draft: inout Draft, _ ready: inout GatheredSuggestions
  ) async throws(StudyError) -> (StudyAnswer, @Sendable () -> Void) {
    switch kind {
    case .tell(let number, let result, let reply):
      let trial = try await take(result, of: number, in: &draft)
      return (.trial(trial), { reply(.success(trial)) })
    case .ask(let request, let note, let reply):
      try note.check()
      var allotment = Allotment(request, from: draft.roster)
      allotment.limit(to: ready.suggestions.count, ready.run.end)
      let answer = draft.handOut(request, allotment, ready.suggestions)
      ready.suggestions.removeFirst(allotment.newCount)
      return (.asked(answer), { reply(.success(answer)) })
    }
  }
}

/// Suggestions that the asks of a group share.
private struct GatheredSuggestions: Sendable {
  var run: SuggestionRun
  var suggestions: [Suggestion] = []
}
