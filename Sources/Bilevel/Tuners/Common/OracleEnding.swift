/// Why a method has come to its end.
public struct OracleEnding: Hashable, Sendable, Codable {
  /// The reason.
  public var reason: Reason
  /// More about it, for people.
  public var detail: String

  /// Why a method has come to its end.
  public enum Reason: String, Hashable, Sendable, Codable, CaseIterable {
    /// The gradient is as small as was asked for.
    case stationary
    /// More accuracy would be needed than there is; no error, but no proof either.
    case accuracyFloor = "accuracy_floor"
    /// What was allowed is used up.
    case budget
    /// The oracle failed too often to go on.
    case cancelled
  }

  /// The reason and more about it.
  public var text: String { "\(reason.rawValue): \(detail)" }
}
