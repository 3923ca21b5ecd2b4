public import TuningModel

extension TrialResult: WireForm {
  private enum State: String, CaseIterable { case completed, pruned, infeasible, failed }

  /// Reads what a worker tells; notes mistakes.
  ///
  /// Metrics belong to a completed trial and a reason to an infeasible or failed one, so the wrong one counts as an unknown
  /// field; a pruned trial may have both.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let stateReader = object.optional("state")
    guard let state = stateReader == nil ? .completed : stateReader?.choice(of: State.self) else { return nil }
    let result: TrialResult? = reader.sound {
      let token = object.optional("lease_token")?.string()
      switch state {
      case .completed:
        return Measurement(reading: object).map { TrialResult(.completed($0), leaseToken: token) }
      case .pruned:
        let reason = object.optional("reason")?.string()
        guard object.optional("metrics") != nil else {
          return TrialResult(.pruned(reason: reason, nil), leaseToken: token)
        }
        return Measurement(reading: object).map { TrialResult(.pruned(reason: reason, $0), leaseToken: token) }
      case .infeasible:
        return TrialResult(.infeasible(reason: object.optional("reason")?.string()), leaseToken: token)
      case .failed:
        return TrialResult(.failed(reason: object.optional("reason")?.string()), leaseToken: token)
      }
    }
    object.finish()
    guard let result else { return nil }
    self = result
  }

  /// The result as JSON; a state only where it is not that of a completed trial.
  public var json: JSONValue {
    var fields: [String: JSONValue]
    switch outcome {
    case .completed(let measurement): fields = measurement.fields
    case .pruned(let reason, let measurement):
      fields = Self.fields(.pruned, reason).merging(measurement?.fields ?? [:]) { $1 }
    case .infeasible(let reason): fields = Self.fields(.infeasible, reason)
    case .failed(let reason): fields = Self.fields(.failed, reason)
    }
    fields["lease_token"] = leaseToken.map(JSONValue.string)
    return .object(fields)
  }

  private static func fields(_ state: State, _ reason: String?) -> [String: JSONValue] {
    ["state": .string(state.rawValue), "reason": reason.map(JSONValue.string)].compactMapValues { $0 }
  }
}
