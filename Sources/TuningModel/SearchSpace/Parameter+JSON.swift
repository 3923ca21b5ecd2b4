extension Parameter {
  /// Reads a parameter such as `{"name": "lr", "type": "float", "low": 1e-5, "high": 0.1, "log": true}`.
  init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let name = object.required("name")?.string()
    let type = object.required("type")
    guard let typeName = type?.string(), let domain = Domain(type: typeName, reading: object, type) else {
      return nil  // Without a known type the other fields have no meaning, so none is called unknown.
    }
    let when = object.optional("when")
    let condition = when.flatMap(Condition.init(reading:))
    var defaultValue: ParameterValue?
    if let reader = object.optional("default") {
      // Whether it lies in the domain is for the space to check, once the domain is known to be sound.
      defaultValue = ParameterValue(reading: reader)
      if defaultValue == nil { return nil }
    }
    object.finish()
    guard let name, when == nil || condition != nil else { return nil }
    self.init(name, domain, when: condition, default: defaultValue)
  }

  /// The parameter as JSON; `init(reading:)` reads it back.
  public var json: JSONValue {
    var fields = domain.fields
    fields["name"] = .string(name)
    fields["type"] = .string(domain.typeName)
    fields["default"] = defaultValue?.json
    fields["when"] = condition.map { .object($0.values.mapValues { .array($0.map(\.json)) }) }
    return .object(fields)
  }
}

extension Condition {
  fileprivate init?(reading reader: JSONReader) {
    guard let entries = reader.entries() else { return nil }
    var values: [String: [ParameterValue]] = [:]
    for (parent, reader) in entries {
      guard Name.isValid(parent) else {
        reader.mistakes.add(InputMistake(pointer: "/parameters", detail: "A condition names a parent. \(Name.rule)"))
        continue
      }
      guard let elements = reader.array() else { continue }
      values[parent] = elements.compactMap(ParameterValue.init(readingChoice:))
    }
    self.init(values)
  }
}

extension ParameterValue {
  /// Reads a value of any domain as JSON has it, not yet in its domain's canonical form.
  fileprivate init?(reading reader: JSONReader) {
    guard case .array = reader.value else {
      self.init(readingChoice: reader)
      return
    }
    let elements = reader.array() ?? []
    let numbers = elements.compactMap { $0.number() }
    guard numbers.count == elements.count else { return nil }
    self = .vector(numbers)
  }

  fileprivate init?(readingChoice reader: JSONReader) {
    guard let value = ParameterValue(choice: reader.value) else {
      reader.refuse("Must be a string, a number or a boolean, not \(reader.value.kind).", .form)
      return nil
    }
    self = value
  }
}

extension Domain {
  fileprivate init?(type: String, reading object: JSONObjectReader, _ typeReader: JSONReader?) {
    switch type {
    case "float":
      let low = object.required("low")?.number()
      let high = object.required("high")?.number()
      let scale = Scale(reading: object)
      let step = object.optional("step").map { $0.number() }
      let size = object.optional("size").map { $0.integer(in: 1...SearchSpace.maximumDimension) }
      guard let low, let high, let scale, step != .some(nil), size != .some(nil) else { return nil }
      self = .float(FloatDomain(low, high, scale: scale, step: step ?? nil, size: size ?? nil))
    case "int":
      let low = object.required("low")?.integer()
      let high = object.required("high")?.integer()
      let scale = Scale(reading: object)
      let step = object.optional("step").map { $0.integer() }
      guard let low, let high, let scale, step != .some(nil) else { return nil }
      self = .int(IntDomain(low, high, scale: scale, step: (step ?? nil) ?? 1))
    case "bool":
      self = .bool
    case "ordinal":
      guard let values = object.required("values")?.array() else { return nil }
      self = .ordinal(values.compactMap(ParameterValue.init(readingChoice:)))
    case "categorical":
      guard let values = object.required("choices")?.array() else { return nil }
      self = .categorical(values.compactMap(ParameterValue.init(readingChoice:)))
    default:
      typeReader?.refuse("\"\(type)\" is no parameter type; float, int, bool, ordinal and categorical are.")
      return nil
    }
  }

  fileprivate var fields: [String: JSONValue] {
    switch self {
    case .float(let domain):
      [
        "low": .number(domain.low), "high": .number(domain.high), "log": domain.scale == .log ? true : nil,
        "step": domain.step.map(JSONValue.number), "size": domain.size.map(JSONValue.integer),
      ].compactMapValues { $0 }
    case .int(let domain):
      [
        "low": .integer(domain.low), "high": .integer(domain.high), "log": domain.scale == .log ? true : nil,
        "step": domain.step == 1 ? nil : .integer(domain.step),
      ].compactMapValues { $0 }
    case .bool: [:]
    case .ordinal(let values): ["values": .array(values.map(\.json))]
    case .categorical(let values): ["choices": .array(values.map(\.json))]
    }
  }

  /// Reads a value of this domain in its canonical form; notes what is wrong and answers `nil` where it is none.
  func value(reading reader: JSONReader) -> ParameterValue? {
    guard let raw = ParameterValue(reading: reader) else { return nil }
    if let value = canonical(raw) { return value }
    reader.refuse("Must be \(self), not \(reader.value.text.prefix(80)).")
    return nil
  }
}

extension Scale {
  fileprivate init?(reading object: JSONObjectReader) {
    guard let reader = object.optional("log") else {
      self = .linear
      return
    }
    guard let log = reader.bool() else { return nil }
    self = log ? .log : .linear
  }
}
