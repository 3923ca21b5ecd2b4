public import TuningModel

/// A fully first-order method; see `F2SAMachine`.
public struct F2SATuner: OracleTuner {
  /// What the catalog says of it.
  public static let description = TunerDescription(
    name: "f2sa",
    summary: """
      Bilevel descent with first derivatives alone: the client keeps two copies of the inner variables and tells the \
      difference of their gradients. For programs without second derivatives, and for noisy gradients.
      """, options: F2SAMachine.options, requests: [.f2sa])

  /// The method and where it stands.
  public var method: OracleMethod

  /// Creates the tuner.
  ///
  /// - Throws: `unsupported` with a pointer to every part of the study that it cannot honour.
  public init(for study: StudyDefinition) throws(TunerError) {
    method = try OracleMethod(F2SAMachine.self, for: study, named: Self.description.name)
  }
}
