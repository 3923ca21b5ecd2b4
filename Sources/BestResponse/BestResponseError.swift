/// Why a network or its training cannot go on.
public enum BestResponseError: Error, Hashable, Sendable {
  /// A description, or data, that no network can be made of.
  case invalid(String)
  /// Something overflowed or is no number.
  case notFinite(String)

  /// What is wrong, as a sentence.
  public var sentence: String {
    switch self {
    case .invalid(let text): text
    case .notFinite(let what): "\(what) is not finite."
    }
  }
}
