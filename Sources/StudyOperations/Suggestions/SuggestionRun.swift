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
  /// Whether the tuner has nothing to propose for that number.
  private(set) var isExhausted = false
  private var tuner: any Tuner

  /// Starts a run.
  ///
  /// - Parameters:
  ///   - tuner: the fold over the study's events up to its last.
  ///   - first: the number of the next trial.
  init(_ study: StoredStudy, tuner: any Tuner, from first: TrialNumber) {
    self.study = study
    self.tuner = tuner
    next = first
  }

  /// The sequence number of the last event that it rests on.
  var history: Int { study.lastSequence }

  /// How many suggestions are worth computing in one go when `count` are wanted: one where they take long, so that
  /// others get their turn and results are taken in between.
  func stride(for count: Int) -> Int { type(of: tuner).suggestsAhead ? 1 : count }

  /// Computes the next suggestions.
  ///
  /// The first trial of a study takes the user's default point where there is one.
  /// - Returns: fewer than `count` when the space is exhausted.
  /// - Throws: `tuner_failed` when the tuner fails or proposes what is not in the space.
  mutating func advance(_ count: Int) throws(StudyError) -> [Suggestion] {
    var suggestions: [Suggestion] = []
    if next == 1, count > 0, let point = study.original.space.defaultPoint {
      suggestions.append(take(Suggestion(point, origin: SuggestionOrigin(tuner: SuggestionOrigin.defaultPoint))))
    }
    let rest = count - suggestions.count
    // Draws that do not depend on one another are made at once.
    if rest > 1, !type(of: tuner).suggestsAhead, let all = try propose(rest) { return suggestions + all }
    while suggestions.count < count, !isExhausted {
      guard let one = try propose(1) else { isExhausted = true; break }
      suggestions += one
    }
    return suggestions
  }

  /// The tuner's suggestions for the next numbers; `nil` when it says that the space is exhausted.
  private mutating func propose(_ count: Int) throws(StudyError) -> [Suggestion]? {
    let proposed: [Suggestion]
    do throws(TunerError) {
      proposed = try tuner.suggest(next..<(next + count), seed: study.study.seed)
    } catch {
      switch error {
      case .spaceExhausted: return nil
      case .failed(let reason), .noModelYet(let reason): throw failure(reason)
      case .unsupported(let mistakes): throw failure(InvalidInput(mistakes).description)
      }
    }
    if proposed.count != count { throw failure("It proposed \(proposed.count) points where \(count) were asked for.") }
    var taken: [Suggestion] = []
    for suggestion in proposed { taken.append(take(try canonical(suggestion))) }
    return taken
  }

  /// Lets the tuner know of a suggestion as if it had been handed out, and moves on to the next number.
  private mutating func take(_ suggestion: Suggestion) -> Suggestion {
    var taken = suggestion
    taken.origin.history = history
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
