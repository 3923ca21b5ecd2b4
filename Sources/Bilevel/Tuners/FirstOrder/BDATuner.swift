public import TuningModel

/// Descent through mixed unrolled steps; see `BDAMachine`.
public struct BDATuner: OracleTuner {
  /// What the catalog says of it.
  public static let description = TunerDescription(
    name: "bda",
    summary: """
      Descent along gradients through unrolled inner steps that mix both losses. For inner problems with more than one \
      solution.
      """, options: BDAMachine.options, requests: [.bda])

  /// The method and where it stands.
  public var method: OracleMethod

  /// Creates the tuner.
  ///
  /// - Throws: `unsupported` with a pointer to every part of the study that it cannot honour.
  public init(for study: StudyDefinition) throws(TunerError) {
    method = try OracleMethod(BDAMachine.self, for: study, named: Self.description.name)
  }
}
