public import TuningModel

/// Evolution strategies with reused noise; see `EvolutionMachine`.
public struct ESSingleTuner: OracleTuner {
  /// What the catalog says of it.
  public static let description = TunerDescription(
    name: "es_single",
    summary: """
      Evolution strategies with one perturbation for each episode of training: less noise than pes where episodes have \
      many parts. Needs losses alone.
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
