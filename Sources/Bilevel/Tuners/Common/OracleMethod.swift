import TuningModel

/// A method on its way through a study, whichever it is: what all oracle tuners consist of.
public struct OracleMethod: Sendable {
  var course: any OracleFold

  /// Begins a study with a method.
  ///
  /// - Throws: `unsupported` with a pointer to every part of the study that it cannot honour.
  init<Machine: OracleMachine>(
    _ machine: Machine.Type, for study: StudyDefinition, named name: String
  ) throws(TunerError) {
    course = try OracleCourse<Machine>(study, named: name)
  }
}

/// The fold of a study's events by some method.
protocol OracleFold: Sendable {
  var ending: OracleEnding? { get }
  var incumbent: OracleIncumbent? { get }
  var snapshot: JSONValue { get }
  mutating func observe(_ event: TrialEvent)
  func suggest(_ numbers: Range<TrialNumber>, seed: StudySeed) throws(TunerError) -> [Suggestion]
  func interval(of answer: OracleAnswer, to request: OracleRequest) -> ObjectiveInterval?
  mutating func restore(_ snapshot: JSONValue) throws(InvalidInput)
}
