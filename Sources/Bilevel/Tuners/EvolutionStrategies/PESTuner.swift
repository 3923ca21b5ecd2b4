public import TuningModel

/// Persistent evolution strategies; see `EvolutionMachine`.
public struct PESTuner: OracleTuner {
  /// What the catalog says of it.
  public static let description = TunerDescription(
    name: "pes",
    summary: """
      Persistent evolution strategies: particles with perturbed hyperparameters train on for a few steps between updates, \
      without bias from cutting training short. Needs losses alone.
      """, options: EvolutionMachine.options, requests: [.es])

  /// The method and where it stands.
  public var method: OracleMethod

  /// Creates the tuner.
  ///
  /// - Throws: `unsupported` with a pointer to every part of the study that it cannot honour.
  public init(for study: StudyDefinition) throws(TunerError) {
    method = try OracleMethod(EvolutionMachine.self, for: study, named: Self.description.name)
  }
}
