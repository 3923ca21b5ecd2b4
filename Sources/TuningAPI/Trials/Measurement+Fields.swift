import TuningModel

extension Measurement {
  /// Reads the fields `metrics`, `standard_errors` and `step` of an object that has metrics; notes mistakes.
  init?(reading object: JSONObjectReader) {
    guard let reader = object.required("metrics") else { return nil }
    let step = object.optional("step").map { $0.integer() }
    let errors = object.optional("standard_errors")
    guard
      let metrics = reader.sound({ reader.values { $0.extendedNumber() } }),
      let standardErrors = errors.map({ errors in errors.sound { errors.standardErrors(of: metrics) } }) ?? [:],
      step != .some(nil)
    else { return nil }
    self.init(metrics, step: step ?? nil, standardErrors: standardErrors)
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
    entries()?.reduce(into: [:]) { $0[$1.key] = read($1.reader) }
  }

  fileprivate func standardErrors(of metrics: [String: Double]) -> [String: Double]? {
    entries()?.reduce(into: [:]) { values, entry in
      if metrics[entry.key] == nil { entry.reader.refuse("There is no metric \"\(entry.key)\" beside it.") }
      guard let value = entry.reader.number() else { return }
      if value < 0 { entry.reader.refuse("Must not be negative.") }
      values[entry.key] = value
    }
  }
}
