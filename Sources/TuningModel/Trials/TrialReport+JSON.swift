extension TrialReport {
  /// Reads what `json` wrote; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let before = reader.mistakes.all.count
    let step = object.required("step")?.integer()
    let attempt = object.required("attempt")?.integer()
    let metrics = object.required("metrics")?.numbers()
    let errors = object.optional("standard_errors").map { $0.numbers() } ?? [:]
    let checkpoint = object.optional("checkpoint")?.string()
    let decision = object.optional("decision").map(Decision.init(reading:)) ?? .continue
    object.finish()
    guard reader.mistakes.all.count == before, let step, let attempt, let metrics, let errors, let decision else {
      return nil
    }
    self.init(
      Measurement(metrics, step: step, standardErrors: errors, checkpoint: checkpoint), attempt: attempt,
      decision: decision)
  }

  /// The report as it is kept; the decision only where it is not to go on.
  public var json: JSONValue {
    .object(omittingNil: [
      "step": .integer(step), "attempt": .integer(attempt),
      "metrics": .object(measurement.metrics.mapValues(JSONValue.number)),
      "standard_errors": measurement.standardErrors.isEmpty
        ? nil : .object(measurement.standardErrors.mapValues(JSONValue.number)),
      "checkpoint": measurement.checkpoint.map(JSONValue.string),
      "decision": decision == .continue ? nil : decision.json,
    ])
  }
}

extension JSONReader {
  /// Numbers by name, which need not be finite.
  fileprivate func numbers() -> [String: Double]? {
    guard let entries = entries() else { return nil }
    var numbers: [String: Double] = [:]
    for (name, reader) in entries { numbers[name] = reader.extendedNumber() }
    return numbers.count == entries.count ? numbers : nil
  }
}
