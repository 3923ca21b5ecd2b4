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

  /// The method and where it stands.
  public var method: OracleMethod

  /// Creates the tuner.
  ///
  /// - Throws: `unsupported` with a pointer to every part of the study that it cannot honour.
  public init(for study: StudyDefinition) throws(TunerError) {
    method = try OracleMethod(MAIDMachine.self, for: study, named: Self.description.name)
  }
}
