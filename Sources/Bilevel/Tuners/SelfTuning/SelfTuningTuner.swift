public import TuningModel

/// Hyperparameters of a network that is trained once; see `SelfTuningMachine`.
public struct SelfTuningTuner: OracleTuner {
  /// What the catalog says of it.
  public static let description = TunerDescription(
    name: "self_tuning",
    summary: """
      Tunes hyperparameters such as dropouts and penalties while one network is trained, whose weights respond to them: \
      the client trains and tells how the validation loss responds. Floats, whole numbers and ordinals.
      """, options: SelfTuningMachine.options, requests: [.stn])

  /// The method and where it stands.
  public var method: OracleMethod

  /// Creates the tuner.
  ///
  /// - Throws: `unsupported` with a pointer to every part of the study that it cannot honour.
  public init(for study: StudyDefinition) throws(TunerError) {
    method = try OracleMethod(SelfTuningMachine.self, for: study, named: Self.description.name)
  }
}
