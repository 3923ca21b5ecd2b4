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

  /// The method and where it stands.
  public var method: OracleMethod

  /// Creates the tuner.
  ///
  /// - Throws: `unsupported` with a pointer to every part of the study that it cannot honour.
  public init(for study: StudyDefinition) throws(TunerError) {
    method = try OracleMethod(HOAGMachine.self, for: study, named: Self.description.name)
  }
}
