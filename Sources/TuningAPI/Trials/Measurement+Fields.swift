import TuningModel

extension Measurement {
  /// Reads the fields of a final measurement: those of `init(reading:)`, `checkpoint`, and `oracle`, with which `metrics`
  /// may be left out; notes mistakes.
  init?(readingFinal object: JSONObjectReader) {
    let checkpoint = object.optional("checkpoint").map { $0.string() }
    let answer = object.optional("oracle").map(OracleAnswer.init(reading:))
    let measurement = Measurement(reading: object, needsMetrics: answer == nil)
    guard let measurement, checkpoint != .some(nil), answer != .some(nil) else { return nil }
    self = measurement
    self.checkpoint = checkpoint ?? nil
    oracle = answer ?? nil
  }

  /// Reads the fields `metrics`, `standard_errors` and `step` of an object; notes mistakes.
  init?(reading object: JSONObjectReader, needsMetrics: Bool = true) {
    let metricsReader = needsMetrics ? object.required("metrics") : object.optional("metrics")
    let metrics = metricsReader == nil && !needsMetrics ? [:] : metricsReader?.values { $0.extendedNumber() }
    let standardErrors = object.optional("standard_errors").map { $0.values { $0.number() } } ?? [:]
    let step = object.optional("step").map { $0.integer() }
    guard let metrics, let standardErrors, step != .some(nil) else { return nil }
    self.init(metrics, step: step ?? nil, standardErrors: standardErrors)
  }

  /// Reads the fields of an intermediate measurement: those of a final one, of which `step` must be there, and
  /// `checkpoint`; notes mistakes.
  init?(readingReport object: JSONObjectReader) {
    _ = object.required("step")
    let checkpoint = object.optional("checkpoint").map { $0.string() }
    guard let measurement = Measurement(reading: object), measurement.step != nil, checkpoint != .some(nil) else {
      return nil
    }
    self = measurement
    self.checkpoint = checkpoint ?? nil
  }

  /// The fields of an intermediate measurement.
  var reportFields: [String: JSONValue] {
    var fields = fields
    fields["checkpoint"] = checkpoint.map(JSONValue.string)
    return fields
  }

  /// The fields of a final measurement as a worker tells it.
  var finalFields: [String: JSONValue] {
    var fields = fields
    fields["checkpoint"] = checkpoint.map(JSONValue.string)
    fields["oracle"] = oracle?.json
    if oracle != nil && metrics.isEmpty { fields["metrics"] = nil }
    return fields
  }

  /// The fields; standard errors and step only where there are any.
  var fields: [String: JSONValue] {
    [
      "metrics": .object(metrics.mapValues(JSONValue.number)),
      "standard_errors": standardErrors.isEmpty ? nil : .object(standardErrors.mapValues(JSONValue.number)),
      "step": step.map(JSONValue.integer),
    ].compactMapValues { $0 }
  }
}

extension JSONReader {
  fileprivate func values(_ read: (JSONReader) -> Double?) -> [String: Double]? {
    sound { entries()?.reduce(into: [:]) { $0[$1.key] = read($1.reader) } }
  }
}
