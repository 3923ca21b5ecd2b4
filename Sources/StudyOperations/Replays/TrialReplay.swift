public import TuningModel

/// A trial's suggestion, computed again from the events before it, beside the one that is stored.
public struct TrialReplay: Hashable, Sendable {
  /// The trial.
  public var number: TrialNumber
  /// What is stored.
  public var stored: Suggestion
  /// How the two compare.
  public var outcome: Outcome
  /// The numerics that the stored one was computed with (`origin.details.numerics`), where it says so.
  public var storedNumerics: JSONValue?
  /// The numerics here; with others, the last bits may differ.
  public var numerics: JSONValue?

  /// How a stored suggestion compares with the one computed again.
  public enum Outcome: Hashable, Sendable {
    /// Bit for bit the same, with all that its origin tells.
    case equal
    /// Something differs; by how much among the parameters, each on its own scale from 0 to 1.
    case differs(Double)
    /// It could not be computed again, with the reason.
    case failed(String)
  }
}

extension TrialReplay {
  /// Compares a stored suggestion with the one computed again.
  init(_ trial: Trial, with computed: Suggestion, in encoding: UnitCubeEncoding) {
    let stored = trial.suggestion
    self.init(
      number: trial.number, stored: stored,
      outcome: stored.withoutNumerics == computed.withoutNumerics
        ? .equal : .differs(encoding.distance(stored.parameters, computed.parameters)),
      storedNumerics: stored.numerics, numerics: computed.numerics)
  }

  /// A suggestion that could not be computed again.
  init(_ trial: Trial, failed reason: String) {
    let stored = trial.suggestion
    self.init(number: trial.number, stored: stored, outcome: .failed(reason), storedNumerics: stored.numerics)
  }
}

extension Suggestion {
  fileprivate var numerics: JSONValue? { origin.details?["numerics"] }

  /// The suggestion without the name of what computed it.
  fileprivate var withoutNumerics: Suggestion {
    var result = self
    if case .object(var details)? = origin.details {
      details["numerics"] = nil
      result.origin.details = .object(details)
    }
    return result
  }
}

extension UnitCubeEncoding {
  /// The largest difference of a coordinate.
  fileprivate func distance(_ a: Parameters, _ b: Parameters) -> Double {
    zip(encode(a), encode(b)).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }
}
