public import TuningModel

extension TunerDescription: WireForm {
  /// Reads a description; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let name = object.required("name")?.string()
    let summary = object.required("summary")?.string()
    let options = object.required("options").flatMap { reader in
      reader.sound { reader.array()?.compactMap(TunerOption.init(reading:)) }
    }
    let requests = object.optional("requests").map { reader in
      reader.sound { reader.array()?.compactMap { $0.choice(of: OracleRequest.Kind.self) } }
    }
    object.finish()
    guard let name, let summary, let options, requests != .some(nil) else { return nil }
    self.init(name: name, summary: summary, options: options, requests: (requests ?? nil) ?? [])
  }

  /// The description as JSON.
  public var json: JSONValue {
    .object(omittingNil: [
      "name": .string(name), "summary": .string(summary), "options": .array(options.map(\.json)),
      "requests": requests.isEmpty ? nil : .array(requests.map { .string($0.rawValue) }),
    ])
  }
}

extension TunerOption: WireForm {
  private enum Kind: String, CaseIterable { case categorical, float, int, bool, schedule, points }

  /// Reads an option; notes mistakes.
  ///
  /// Types have the names that those of parameters have.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let before = reader.mistakes.all.count
    let name = object.required("name")?.string()
    let meaning = object.required("meaning")?.string()
    let defaultValue = object.required("default")?.value
    let values = object.required("type")?.choice(of: Kind.self).flatMap { Self.values(of: $0, reading: object) }
    object.finish()
    guard reader.mistakes.all.count == before, let name, let meaning, let defaultValue, let values else { return nil }
    self.init(name, values, default: defaultValue, meaning)
  }

  private static func values(of kind: Kind, reading object: JSONObjectReader) -> Values? {
    switch kind {
    case .categorical: return object.required("choices")?.array().map { .choice($0.compactMap { $0.string() }) }
    case .float:
      let low = object.optional("low")?.number() ?? -.infinity
      let high = object.optional("high")?.number() ?? .infinity
      return object.range(low, high).map(Values.number)
    case .int:
      let low = object.optional("low")?.integer() ?? .min
      let high = object.optional("high")?.integer() ?? .max
      return object.range(low, high).map(Values.integer)
    case .bool: return .flag
    case .schedule: return .schedule
    case .points: return .points
    }
  }

  /// The option as JSON; a bound that JSON cannot hold is left out, which means that there is none.
  public var json: JSONValue {
    var fields: [String: JSONValue] = [
      "name": .string(name), "meaning": .string(meaning), "default": defaultValue, "type": .string(kind.rawValue),
    ]
    switch values {
    case .choice(let choices): fields["choices"] = .array(choices.map(JSONValue.string))
    case .number(let range):
      fields["low"] = range.lowerBound.isFinite ? .number(range.lowerBound) : nil
      fields["high"] = range.upperBound.isFinite ? .number(range.upperBound) : nil
    case .integer(let range):
      fields["low"] = Int.exactRange.contains(range.lowerBound) ? .integer(range.lowerBound) : nil
      fields["high"] = Int.exactRange.contains(range.upperBound) ? .integer(range.upperBound) : nil
    case .flag, .schedule, .points: break
    }
    return .object(fields)
  }

  private var kind: Kind {
    switch values {
    case .choice: .categorical
    case .number: .float
    case .integer: .int
    case .flag: .bool
    case .schedule: .schedule
    case .points: .points
    }
  }
}

extension JSONObjectReader {
  fileprivate func range<Bound: Comparable>(_ low: Bound, _ high: Bound) -> ClosedRange<Bound>? {
    if low <= high { return low...high }
    refuse("low", "Is above high.")
    return nil
  }
}
