import TuningModel

/// The suggestions that are ready for the next trial numbers of a study, all of one run.
struct ReadySuggestions: Sendable {
  /// The run, where it has come to: it goes on after the last of the suggestions.
  private(set) var run: SuggestionRun
  /// The suggestions in the order of their numbers.
  private(set) var suggestions: [Suggestion]

  /// Takes up what a run has come to.
  init(_ run: SuggestionRun, _ suggestions: [Suggestion]) {
    self.run = run
    self.suggestions = suggestions
  }

  /// The number that the first suggestion is for.
  var first: TrialNumber { run.next - suggestions.count }

  /// Whether the first suggestion is for the next number that the study gives.
  ///
  /// Once that number has gone to another point, the others are of no use either: they count on this one.
  func fits(_ roster: Roster) -> Bool {
    run.study.id == roster.stored.id && first == roster.trialCount + 1
  }

  /// Whether they know every result; in a reproducible study, whether they rest on exactly the events so far.
  func isCurrent(_ known: StudySession.Loaded) -> Bool { run.history >= known.lastToKnow }

  /// Whether there are so many, or as many as the tuner has.
  func has(_ count: Int) -> Bool { suggestions.count >= count || run.end != nil }

  /// Whether they are new enough for an ask; in a reproducible study only current ones are.
  ///
  /// That a tuner waits for a result holds no longer once there is one, however long an ask has waited.
  func suit(_ need: SuggestionNeed, _ known: StudySession.Loaded) -> Bool {
    if isCurrent(known) { return true }
    let isOldAllowed = need.isOverdue && run.end?.shortfall != .awaitingResults
    return !known.roster.study.definition.tuner.reproducible && (isOldAllowed || run.history >= need.results)
  }

  /// Whether they will do for an ask.
  func serve(_ need: SuggestionNeed, _ known: StudySession.Loaded) -> Bool {
    fits(known.roster) && has(need.count) && suit(need, known)
  }

  /// Adds what the run has come to since.
  ///
  /// - Returns: whether that was of the same run, and the next part of it.
  mutating func append(_ others: ReadySuggestions) -> Bool {
    guard others.run.study.id == run.study.id, others.run.history == run.history, others.first == run.next else {
      return false
    }
    run = others.run
    suggestions += others.suggestions
    return true
  }

  /// Lets go of suggestions that were handed out, where they were of this run.
  mutating func drop(_ count: Int, of history: Int) {
    if run.history == history { suggestions.removeFirst(min(count, suggestions.count)) }
  }
}
