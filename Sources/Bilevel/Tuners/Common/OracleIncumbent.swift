public import TuningModel

/// The best answer so far: of all objectives that are known not to exceed a number, the one with the least.
public struct OracleIncumbent: Hashable, Sendable, Codable {
  /// The trial that it answered.
  public var trial: TrialNumber
  /// Where the objective lies there.
  public var interval: ObjectiveInterval

  var json: JSONValue { ["trial": .integer(trial), "interval": interval.json] }
}
