import TuningModel

/// Suggestions for consecutive trial numbers from one place in a study's log, each computed as if those before it had
/// been handed out.
///
/// It holds all that it needs, so that it can be computed away from the session. The same place in the log gives the
/// same suggestions, however many are computed at a time: that is what makes a replay exact.
struct SuggestionRun: Sendable {
  /// The study as it was at that place.
  let study: StoredStudy
  /// The number that the next suggestion is for.
  private(set) var next: TrialNumber
  /// Why the tuner has nothing to propose for that number; `nil` while it may have.
  private(set) var end: End?
  /// Values that all its points have, chosen by whoever asked.
  let fixed: Parameters
  private var tuner: any Tuner

  /// Why a run goes no further.
  struct End: Sendable {
    var shortfall: AskAnswer.Shortfall
    /// The tuner's own words, where they say more.
    var detail: String?
  }

  /// Starts a run.
  ///
  /// - Parameters:
  ///   - tuner: the fold over the study's events up to its last.
  ///   - first: the number of the next trial.
  ///   - fixed: values that all points shall have; the tuner is one that takes them.
  init(_ study: StoredStudy, tuner: any Tuner, from first: TrialNumber, fixing fixed: Parameters = [:]) {
    self.study = study
    self.tuner = tuner
    self.fixed = fixed
    next = first
  }

  /// The sequence number of the last event that it rests on.
  var history: Int { study.lastSequence }

  /// How many suggestions are worth computing in one go when `count` are wanted: one where they take long, so that
  /// others get their turn and results are taken in between.
  func stride(for count: Int) -> Int { type(of: tuner).suggestsAhead ? 1 : count }

  /// Computes the next suggestions.
  ///
  /// The first trial of a study takes the user's default point where there is one that has the fixed values.
  /// - Returns: fewer than `count` when the space is exhausted, or the tuner waits for results or has come to its end.
  /// - Throws: `tuner_failed` when the tuner fails or proposes what is not in the space.
  mutating func advance(_ count: Int) throws(StudyError) -> [Suggestion] {
    var suggestions: [Suggestion] = []
    if next == 1, count > 0, !type(of: tuner).startsAtDefaultPoint, let point = study.original.space.defaultPoint,
      point.has(fixed)
    {
      suggestions.append(take(Suggestion(point, origin: SuggestionOrigin(tuner: SuggestionOrigin.defaultPoint))))
    }
    let rest = count - suggestions.count
    // Draws that do not depend on one another are made at once.
    if rest > 1, !type(of: tuner).suggestsAhead { suggestions += try propose(rest) }
    while suggestions.count < count, end == nil { suggestions += try propose(1) }
    return suggestions
  }

  /// The tuner's suggestions for the next numbers; none, and a reason in `end`, when it has none.
  private mutating func propose(_ count: Int) throws(StudyError) -> [Suggestion] {
    let proposed: [Suggestion]
    do throws(TunerError) {
      proposed = try suggestions(next..<(next + count))
    } catch {
      switch error {
      // Fewer than were asked for at once may be there all the same.
      case .spaceExhausted:
        if count == 1 { end = End(shortfall: .spaceExhausted) }
        return []
      case .waiting(let reason):
        end = End(shortfall: .awaitingResults, detail: reason)
        return []
      case .finished(let reason):
        end = End(shortfall: .tunerFinished, detail: reason)
        return []
      case .failed(let reason), .noModelYet(let reason): throw failure(reason)
      case .unsupported(let mistakes): throw failure(InvalidInput(mistakes).description)
      }
    }
    if !(1...count).contains(proposed.count) {
      throw failure("It proposed \(proposed.count) points where \(count) were asked for.")
    }
    var taken: [Suggestion] = []
    for suggestion in proposed { taken.append(take(try canonical(suggestion))) }
    return taken
  }

  private func suggestions(_ numbers: Range<TrialNumber>) throws(TunerError) -> [Suggestion] {
    if fixed.isEmpty { return try tuner.suggest(numbers, seed: study.study.seed) }
    guard let tuner = tuner as? any ParameterFixing else { throw .failed("It takes no fixed values.") }
    return try tuner.suggest(numbers, fixing: fixed, seed: study.study.seed)
  }

  /// Lets the tuner know of a suggestion as if it had been handed out, and moves on to the next number.
  private mutating func take(_ suggestion: Suggestion) -> Suggestion {
    var taken = suggestion
    taken.origin.history = history
    taken.origin.fixed = fixed.keys.sorted()
    tuner.observe(TrialEvent(next, .started(taken, worker: nil, attempt: 1)))
    next += 1
    return taken
  }

  /// The suggestion with its values as the space writes them.
  private func canonical(_ suggestion: Suggestion) throws(StudyError) -> Suggestion {
    var result = suggestion
    do throws(InvalidInput) {
      result.parameters = try study.original.space.values(suggestion.parameters.json)
    } catch {
      throw failure("It proposed parameters that are not of the space: \(error)")
    }
    return result
  }

  private func failure(_ reason: String) -> StudyError {
    StudyError(.tunerFailed, "The tuner \(study.study.tunerName) failed: \(reason)")
  }
}
