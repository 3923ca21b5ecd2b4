/// The value of one parameter.
public enum ParameterValue: Hashable, Sendable {
  case float(Double)
  case int(Int)
  case bool(Bool)
  case string(String)
  case vector([Double])
}

/// Parameter values by name; an inactive conditional parameter is absent.
public typealias Parameters = [String: ParameterValue]

extension ParameterValue {
  /// The value as a real number, where it is one.
  public var number: Double? {
    switch self {
    case .float(let value): value
    case .int(let value): Double(value)
    case .bool, .string, .vector: nil
    }
  }

  /// The value as JSON.
  public var json: JSONValue {
    switch self {
    case .float(let value): .number(value)
    case .int(let value): .integer(value)
    case .bool(let value): .bool(value)
    case .string(let value): .string(value)
    case .vector(let values): .array(values.map(JSONValue.number))
    }
  }

  /// A choice of a categorical or ordinal parameter: a string, a boolean or a number, whole numbers as `int`.
  public init?(choice json: JSONValue) {
    switch json {
    case .string(let value): self = .string(value)
    case .bool(let value): self = .bool(value)
    case .number(let value):
      if let whole = Int(exactly: value), Int.exactRange.contains(whole) {
        self = .int(whole)
      } else {
        self = .float(value)
      }
    case .null, .array, .object: return nil
    }
  }
}

extension ParameterValue: CustomStringConvertible {
  /// The value as a program would take it on its command line: 0.1, 8, true, sgd, 0.5,0.25.
  public var description: String {
    switch self {
    case .float(let value): "\(value)"
    case .int(let value): "\(value)"
    case .bool(let value): "\(value)"
    case .string(let value): value
    case .vector(let values): values.map { "\($0)" }.joined(separator: ",")
    }
  }
}

extension [String: ParameterValue] {
  /// The parameters as a JSON object.
  public var json: JSONValue { .object(mapValues(\.json)) }
}

extension [String: ParameterValue] {
  /// Whether some values are among these.
  public func has(_ values: Parameters) -> Bool { values.allSatisfy { self[$0.key] == $0.value } }
}
