public import TuningModel

/// A tuner that follows what oracles tell, in a box and one objective.
///
/// Its trials carry requests. A result that it waits for makes `suggest` throw `waiting`, its end `finished`. A trial that a
/// user enqueued teaches it nothing. What was corrected or excluded is asked for once more where the method still rests on
/// it; steps that were taken since are not taken back.
public protocol OracleTuner: Tuner {
  /// The method and where it stands.
  var method: OracleMethod { get set }
}

extension OracleTuner {
  /// It draws at once.
  public static var suggestsAhead: Bool { false }

  /// It starts there with a request of its own.
  public static var startsAtDefaultPoint: Bool { true }

  /// Why the method has come to its end; `nil` while it goes on.
  public var ending: OracleEnding? { method.course.ending }

  /// The best answer so far and where the objective lies there; `nil` before one, and for methods whose answers are of
  /// perturbed points.
  public var incumbent: OracleIncumbent? { method.course.incumbent }

  /// Takes in an event.
  public mutating func observe(_ event: TrialEvent) { method.course.observe(event) }

  /// Hands out the asks that are open.
  ///
  /// - Throws: `waiting` while a result is needed first, `finished` at the method's end.
  public func suggest(_ numbers: Range<TrialNumber>, seed: StudySeed) throws(TunerError) -> [Suggestion] {
    try method.course.suggest(numbers, seed: seed)
  }

  /// Where the objective lies by an answer and what was declared of the problem.
  public func interval(of answer: OracleAnswer, to request: OracleRequest) -> ObjectiveInterval? {
    method.course.interval(of: answer, to: request)
  }

  /// The state as JSON.
  public var snapshot: JSONValue { method.course.snapshot }

  /// Takes up a snapshot.
  public mutating func restore(_ snapshot: JSONValue) throws(InvalidInput) { try method.course.restore(snapshot) }
}
