public import TuningModel

/// Bounded L-BFGS on accurate hypergradients; see `QuasiNewtonMachine`.
public struct HypergradientTuner: OracleTuner {
  /// What the catalog says of it.
  public static let description = TunerDescription(
    name: "hypergradient",
    summary: """
      Bounded L-BFGS on hypergradients of one high accuracy. The first choice where the inner problem is solved exactly, \
      such as ridge and kernel ridge regression.
      """, options: QuasiNewtonMachine.options, requests: [.hypergradient])

  /// The method and where it stands.
  public var method: OracleMethod

  /// Creates the tuner.
  ///
  /// - Throws: `unsupported` with a pointer to every part of the study that it cannot honour.
  public init(for study: StudyDefinition) throws(TunerError) {
    method = try OracleMethod(QuasiNewtonMachine.self, for: study, named: Self.description.name)
  }
}
