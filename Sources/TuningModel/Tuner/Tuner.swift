/// An algorithm that proposes trials.
///
/// A tuner is a value whose state is a fold over the events it observed: `suggest` changes nothing, and what a
/// suggestion means for later ones arrives with the `started` event that records it. The same events give the same
/// suggestions, after a restart too.
public protocol Tuner: Sendable {
  /// What the catalog says of it.
  static var description: TunerDescription { get }

  /// Creates the tuner of a study before its first event.
  ///
  /// - Throws: `TunerError.unsupported` with a pointer to every part of the study that it cannot honour, options included.
  init(for study: StudyDefinition) throws(TunerError)

  /// Takes in an event; cannot fail and draws nothing. Events arrive in the order of their log.
  mutating func observe(_ event: TrialEvent)

  /// Proposes parameters for trial numbers, one suggestion each, drawing from one random stream for each number.
  ///
  /// May take long; it is called on a thread of its own. `origin.history` is filled in by the caller.
  /// - Throws: `TunerError.cannotSuggest` when there is nothing left to propose.
  func suggest(_ numbers: Range<TrialNumber>, seed: StudySeed) throws(TunerError) -> [Suggestion]

  /// The state after the events so far, as JSON; a cache of the fold, small and without anything that can be refitted.
  var snapshot: JSONValue { get }

  /// Takes up a snapshot in a tuner that has observed nothing.
  ///
  /// - Throws: `InvalidInput` when the snapshot is of another version; the caller then folds the events instead.
  mutating func restore(_ snapshot: JSONValue) throws(InvalidInput)
}

/// Why a tuner does not do what is asked.
public enum TunerError: Error, Hashable, Sendable {
  /// The study asks for something that the tuner cannot honour, or sets an option wrongly.
  case unsupported([InputMistake])
  /// There is nothing to propose, with the reason for the user: every point of a finite space has been tried.
  case spaceExhausted(String)
  /// The computation failed in a way that the tuner could not mend.
  case failed(String)
}
