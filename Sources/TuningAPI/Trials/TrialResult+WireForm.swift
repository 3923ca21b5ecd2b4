public import TuningModel

extension TrialResult: WireForm {
  /// Reads what a worker tells; notes mistakes.
  ///
  /// Metrics belong to a completed trial and a reason to an infeasible or failed one, so the wrong one counts as an unknown
  /// field; a pruned trial may have both.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let outcome = Outcome(reading: object)
    let token = object.optional("lease_token").map { $0.string() }
    object.finish()
    guard let outcome, token != .some(nil) else { return nil }
    self.init(outcome, leaseToken: token ?? nil)
  }

  /// The result as JSON; a state only where it is not that of a completed trial.
  public var json: JSONValue {
    var fields = outcome.fields
    fields["lease_token"] = leaseToken.map(JSONValue.string)
    return .object(fields)
  }
}

extension TrialResult.Outcome {
  private enum State: String, CaseIterable { case completed, pruned, infeasible, failed }

  /// Reads the fields of an object that tell how a trial ended; notes mistakes.
  init?(reading object: JSONObjectReader) {
    let stateReader = object.optional("state")
    guard let state = stateReader == nil ? .completed : stateReader?.choice(of: State.self) else { return nil }
    switch state {
    case .completed:
      guard let measurement = Measurement(readingFinal: object) else { return nil }
      self = .completed(measurement)
    case .pruned, .infeasible, .failed:
      let reason = object.optional("reason").map { $0.string() }
      if reason == .some(nil) { return nil }
      if state == .pruned {
        let hasMetrics = object.optional("metrics") != nil
        let measurement = hasMetrics ? Measurement(reading: object) : nil
        if hasMetrics && measurement == nil { return nil }
        self = .pruned(reason: reason ?? nil, measurement)
      } else {
        self = state == .failed ? .failed(reason: reason ?? nil) : .infeasible(reason: reason ?? nil)
      }
    }
  }

  /// The fields that tell how a trial ended; a state only where it is not that of a completed trial.
  var fields: [String: JSONValue] {
    switch self {
    case .completed(let measurement): measurement.finalFields
    case .pruned(let reason, let measurement):
      Self.fields(.pruned, reason).merging(measurement?.fields ?? [:]) { $1 }
    case .infeasible(let reason): Self.fields(.infeasible, reason)
    case .failed(let reason): Self.fields(.failed, reason)
    }
  }

  private static func fields(_ state: State, _ reason: String?) -> [String: JSONValue] {
    ["state": .string(state.rawValue), "reason": reason.map(JSONValue.string)].compactMapValues { $0 }
  }
}
