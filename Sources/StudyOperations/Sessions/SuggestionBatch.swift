import TuningModel

/// A computation of suggestions for new trials: what it needs, so that it can run away from the session.
struct SuggestionBatch: Sendable {
  /// The study as it was when the computation began.
  let study: StoredStudy
  /// The tuner as it was.
  let tuner: any Tuner
  /// The numbers that the trials will have.
  let numbers: Range<TrialNumber>

  /// Runs the tuner.
  ///
  /// The first trial of a study takes the user's default point where there is one.
  ///
  /// - Returns: the suggestions for the first of the numbers; fewer than numbers when the space is exhausted.
  /// - Throws: `tuner_failed` when the tuner fails or proposes what is not in the space.
  func run() throws(StudyError) -> [Suggestion] {
    var suggestions: [Suggestion] = []
    var rest = numbers
    var tuner = tuner
    if rest.lowerBound == 1, let point = study.original.space.defaultPoint {
      let first = Suggestion(point, origin: SuggestionOrigin(tuner: "default"))
      suggestions.append(first)
      rest = 2..<rest.upperBound
      // The tuner has to know of it, or it might propose the same point for the next number.
      tuner.observe(TrialEvent(1, .started(first, worker: nil, attempt: 1)))
    }
    suggestions += try mostSuggestions(for: rest, from: tuner)
    return try suggestions.map { suggestion throws(StudyError) in try canonical(suggestion) }
  }

  /// As many suggestions as the tuner has; an exhausted one refuses the whole range, so the largest that it takes is
  /// found by bisection.
  private func mostSuggestions(
    for numbers: Range<TrialNumber>, from tuner: any Tuner
  ) throws(StudyError) -> [Suggestion] {
    if numbers.isEmpty { return [] }
    if let all = try suggestions(for: numbers, from: tuner) { return all }
    var best: [Suggestion] = []
    var (possible, impossible) = (0, numbers.count)
    while impossible - possible > 1 {
      let middle = (possible + impossible) / 2
      if let found = try suggestions(for: numbers.prefix(middle), from: tuner) {
        (best, possible) = (found, middle)
      } else {
        impossible = middle
      }
    }
    return best
  }

  /// The tuner's suggestions; `nil` when it says that the space is exhausted.
  private func suggestions(
    for numbers: Range<TrialNumber>, from tuner: any Tuner
  ) throws(StudyError) -> [Suggestion]? {
    do throws(TunerError) {
      return Array(try tuner.suggest(numbers, seed: study.study.seed).prefix(numbers.count))
    } catch {
      switch error {
      case .spaceExhausted: return nil
      case .failed(let reason): throw failure(reason)
      case .unsupported(let mistakes): throw failure(InvalidInput(mistakes).description)
      }
    }
  }

  /// The suggestion with its values as the space writes them and the place in the log that it rests on.
  private func canonical(_ suggestion: Suggestion) throws(StudyError) -> Suggestion {
    var result = suggestion
    result.origin.history = study.lastSequence
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
