public import TuningModel

/// Descent along hypergradients of rising accuracy; see `HOAGMachine`.
public struct HOAGTuner: OracleTuner {
  /// What the catalog says of it.
  public static let description = TunerDescription(
    name: "hoag",
    summary: """
      Projected descent along hypergradients with accuracies from a fixed sequence, one gradient a step. A baseline for \
      maid; the best answer is the result.
      """, options: HOAGMachine.options, requests: [.hypergradient])

  private var course: OracleCourse<HOAGMachine>

  /// Creates the tuner.
  ///
  /// - Throws: `unsupported` with a pointer to every part of the study that it cannot honour.
  public init(for study: StudyDefinition) throws(TunerError) {
    course = try OracleCourse(study, named: Self.description.name)
  }

  /// Why the method has ended.
  public var ending: OracleEnding? { course.machine.state.ending }

  /// The best answer so far.
  public var incumbent: OracleIncumbent? { course.incumbent }

  /// Takes in an event.
  public mutating func observe(_ event: TrialEvent) { course.observe(event) }

  /// Hands out the asks that are open.
  public func suggest(_ numbers: Range<TrialNumber>, seed: StudySeed) throws(TunerError) -> [Suggestion] {
    try course.suggest(numbers, seed: seed)
  }

  /// Where the objective lies by an answer.
  public func interval(of answer: OracleAnswer, to request: OracleRequest) -> ObjectiveInterval? {
    course.machine.interval(of: answer, to: request)
  }

  /// The state as JSON.
  public var snapshot: JSONValue { course.snapshot }

  /// Takes up a snapshot.
  public mutating func restore(_ snapshot: JSONValue) throws(InvalidInput) { try course.restore(snapshot) }
}
