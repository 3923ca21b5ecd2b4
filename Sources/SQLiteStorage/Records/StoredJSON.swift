import TuningModel

extension JSONValue {
  /// Reads JSON that was stored.
  ///
  /// - Throws: `storage_failed` naming what cannot be read.
  init(stored text: String, _ what: @autoclosure () -> String) throws(StudyError) {
    do throws(JSONSyntaxError) { try self.init(text: text) } catch { throw .unreadable(what()) }
  }

  var string: String? { if case .string(let value) = self { value } else { nil } }

  var integer: Int? { if case .number(let value) = self { Int(exactly: value) } else { nil } }

  /// A number, or the name of one that JSON lacks.
  var extendedNumber: Double? {
    switch self {
    case .number(let value): value
    case .string("NaN"): .nan
    case .string("Infinity"): .infinity
    case .string("-Infinity"): -.infinity
    default: nil
    }
  }

  /// Numbers by name.
  var numbers: [String: Double]? {
    guard case .object(let fields) = self else { return nil }
    let numbers = fields.compactMapValues(\.extendedNumber)
    return numbers.count == fields.count ? numbers : nil
  }
}

extension [String: Double] {
  /// The numbers by name as JSON, with names for those that JSON lacks.
  var json: JSONValue { .object(mapValues(JSONValue.number)) }
}

extension SearchSpace {
  /// Parameters that were stored: values of this space in the form that it writes.
  func parameters(stored json: JSONValue) -> Parameters? {
    guard case .object(let fields) = json else { return nil }
    var parameters: Parameters = [:]
    for (name, field) in fields {
      guard let domain = self[name]?.domain, let value = ParameterValue(stored: field),
        let canonical = domain.canonical(value)
      else { return nil }
      parameters[name] = canonical
    }
    return parameters
  }
}

extension ParameterValue {
  /// The value as JSON tells it, which leaves open whether a whole number is of an int or a float.
  fileprivate init?(stored json: JSONValue) {
    if case .array(let elements) = json {
      let numbers = elements.compactMap { element in
        if case .number(let number) = element { number } else { nil }
      }
      guard numbers.count == elements.count else { return nil }
      self = .vector(numbers)
    } else {
      self.init(choice: json)
    }
  }
}

extension SuggestionOrigin {
  /// Reads an origin that was stored.
  init?(stored json: JSONValue) {
    guard let tuner = json["tuner"]?.string, let history = json["history"]?.integer else { return nil }
    var pending: [TrialNumber] = []
    if case .array(let numbers)? = json["pending"] { pending = numbers.compactMap(\.integer) }
    var fixed: [String] = []
    if case .array(let names)? = json["fixed"] { fixed = names.compactMap(\.string) }
    self.init(
      tuner: tuner, history: history, acquisition: json["acquisition"]?.string, pending: pending,
      fixed: fixed, details: json["details"])
  }
}
