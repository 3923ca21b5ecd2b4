public import TuningModel

/// Descent along inexact gradients whose accuracy adapts; see `MAIDMachine`.
public struct MAIDTuner: OracleTuner {
  /// What the catalog says of it.
  public static let description = TunerDescription(
    name: "maid",
    summary: """
      Descent along inexact hypergradients that asks for accuracy only where the descent needs it. For ten and more \
      hyperparameters whose gradient an oracle can tell; every step lowers the true objective where the constants hold.
      """, options: MAIDSettings.options, requests: [.hypergradient, .value])

  private var course: OracleCourse<MAIDMachine>

  /// Creates the tuner.
  ///
  /// - Throws: `unsupported` with a pointer to every part of the study that it cannot honour.
  public init(for study: StudyDefinition) throws(TunerError) {
    course = try OracleCourse(study, named: Self.description.name)
  }

  /// Why the descent has ended.
  public var ending: OracleEnding? { course.machine.state.ending }

  /// The answer with the least upper end.
  public var incumbent: OracleIncumbent? { course.incumbent }

  /// The steps taken so far.
  public var steps: Int { course.machine.state.steps }

  /// Takes in an event.
  public mutating func observe(_ event: TrialEvent) { course.observe(event) }

  /// Hands out the asks that are open.
  public func suggest(_ numbers: Range<TrialNumber>, seed: StudySeed) throws(TunerError) -> [Suggestion] {
    try course.suggest(numbers, seed: seed)
  }

  /// Where the objective lies by an answer and the declared constants.
  public func interval(of answer: OracleAnswer, to request: OracleRequest) -> ObjectiveInterval? {
    course.machine.interval(of: answer, to: request)
  }

  /// The state as JSON.
  public var snapshot: JSONValue { course.snapshot }

  /// Takes up a snapshot.
  public mutating func restore(_ snapshot: JSONValue) throws(InvalidInput) { try course.restore(snapshot) }
}
