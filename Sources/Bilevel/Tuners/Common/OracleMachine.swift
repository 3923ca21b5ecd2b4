import TuningModel

/// A method as a state machine: it asks, is answered, and asks again.
///
/// The state is all that it remembers; what it was set to comes from the study. The same answers in the same order lead to
/// the same asks, and which trial carries an ask decides nothing but where the next solution starts from.
protocol OracleMachine: Sendable {
  associatedtype State: OracleState
  associatedtype Space: OracleSpace = ThetaSpace

  /// Takes the settings from a study whose options the catalog has checked, and asks its first questions.
  ///
  /// - Throws: `unsupported` where settings contradict each other.
  init(_ study: StudyDefinition, _ space: Space) throws(TunerError)

  var state: State { get set }

  /// Takes note of a trial that carries an ask, as it was handed out.
  mutating func started(_ ask: OracleAsk, _ request: OracleRequest)
  /// Takes an answer in internal coordinates.
  mutating func answered(_ ask: OracleAsk, _ answer: OracleAnswer, _ trial: TrialNumber)
  /// Takes note that an ask has no answer.
  mutating func failed(_ ask: OracleAsk)
  /// Takes note that what a trial was answered with counts no more.
  mutating func revised(_ trial: TrialNumber)
  /// A bound of the error of an answer's gradient, where one is known.
  func gradientError(of answer: OracleAnswer, to request: OracleRequest) -> Double?
  /// Where the objective lies by an answer.
  func interval(of answer: OracleAnswer, to request: OracleRequest) -> ObjectiveInterval?
}

/// What a method remembers.
protocol OracleState: Codable, Sendable {
  var book: AskBook { get set }
  var ending: OracleEnding? { get set }
  /// Whether everything fits d coordinates, as a snapshot may claim otherwise.
  func isSound(_ dimension: Int) -> Bool
}

extension OracleMachine {
  mutating func started(_ ask: OracleAsk, _ request: OracleRequest) {}
  mutating func revised(_ trial: TrialNumber) {}
  func gradientError(of answer: OracleAnswer, to request: OracleRequest) -> Double? { answer.omega }
  func interval(of answer: OracleAnswer, to request: OracleRequest) -> ObjectiveInterval? { nil }

  /// Asks nothing more.
  mutating func finish(_ reason: OracleEnding.Reason, _ detail: String) {
    state.book.withdrawAll()
    state.ending = OracleEnding(reason: reason, detail: detail)
  }
}
