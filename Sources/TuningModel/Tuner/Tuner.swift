/// An algorithm that proposes trials.
///
/// A tuner is a value whose state is a fold over the events it observed: `suggest` changes nothing, and what a
/// suggestion means for later ones arrives with the `started` event that records it. The same events give the same
/// suggestions, after a restart too.
public protocol Tuner: Sendable {
  /// What the catalog says of it.
  static var description: TunerDescription { get }

  /// Whether its suggestions take so long that they are worth computing before anybody asks; yes where it does not say.
  static var suggestsAhead: Bool { get }

  /// Whether what came of trials changes what it proposes; yes where it does not say.
  static var heedsResults: Bool { get }

  /// Whether its own first suggestion is the user's default point; where not, the study's first trial takes that point
  /// without asking the tuner.
  static var startsAtDefaultPoint: Bool { get }

  /// Creates the tuner of a study before its first event.
  ///
  /// - Throws: `TunerError.unsupported` with a pointer to every part of the study that it cannot honour, options included.
  init(for study: StudyDefinition) throws(TunerError)

  /// Takes in an event; cannot fail and draws nothing. Events arrive in the order of their log.
  mutating func observe(_ event: TrialEvent)

  /// Proposes parameters for trial numbers, one suggestion each, drawing from one random stream for each number.
  ///
  /// May take long; it is called on a thread of its own. `origin.history` is filled in by the caller.
  /// - Returns: a suggestion for each number; fewer, but at least one, where others need results first.
  /// - Throws: `TunerError.spaceExhausted` when there is nothing left to propose, `waiting` when there is nothing before a
  ///   result of a trial under way, `finished` when the tuner has come to its end.
  func suggest(_ numbers: Range<TrialNumber>, seed: StudySeed) throws(TunerError) -> [Suggestion]

  /// What its model believes of the objective without noise at these points, which are of the study's space.
  ///
  /// The model is the one that the next suggestion would use: the same events give the same predictions. May take long.
  /// `history` is filled in by the caller.
  /// - Returns: `nil` where the tuner has no model, as where it does not say.
  /// - Throws: `TunerError.noModelYet` while there is too little to go by.
  func predict(_ points: [Parameters], seed: StudySeed) throws(TunerError) -> Predictions?

  /// Where the objective lies by an oracle's answer to a request, which depends on the study's options alone.
  func interval(of answer: OracleAnswer, to request: OracleRequest) -> ObjectiveInterval?

  /// The state after the events so far, as JSON; a cache of the fold, small and without anything that can be refitted.
  var snapshot: JSONValue { get }

  /// Takes up a snapshot in a tuner that has observed nothing.
  ///
  /// - Throws: `InvalidInput` when the snapshot is of another version; the caller then folds the events instead.
  mutating func restore(_ snapshot: JSONValue) throws(InvalidInput)
}

extension Tuner {
  /// Its suggestions are computed ahead of time.
  public static var suggestsAhead: Bool { true }

  /// Results matter.
  public static var heedsResults: Bool { true }

  /// The first trial takes the default point without it.
  public static var startsAtDefaultPoint: Bool { false }

  /// It asks no oracle, or knows nothing of accuracies.
  public func interval(of answer: OracleAnswer, to request: OracleRequest) -> ObjectiveInterval? { nil }

  /// There is no model.
  public func predict(_ points: [Parameters], seed: StudySeed) throws(TunerError) -> Predictions? { nil }
}

/// Why a tuner does not do what is asked.
public enum TunerError: Error, Hashable, Sendable {
  /// The study asks for something that the tuner cannot honour, or sets an option wrongly.
  case unsupported([InputMistake])
  /// There is nothing to propose, with the reason for the user: every point of a finite space has been tried.
  case spaceExhausted(String)
  /// The next suggestion needs the result of a trial under way, with the reason for the user.
  case waiting(String)
  /// The method has come to its end, with the reason for the user.
  case finished(String)
  /// There are too few results for a model, with what is needed for the user.
  case noModelYet(String)
  /// The computation failed in a way that the tuner could not mend.
  case failed(String)
}
