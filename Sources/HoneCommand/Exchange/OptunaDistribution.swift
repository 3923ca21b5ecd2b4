package import TuningModel

/// What Optuna drew a parameter from.
package enum OptunaDistribution: Hashable, Sendable {
  case float(low: Double, high: Double, log: Bool, step: Double?)
  case int(low: Int, high: Int, log: Bool, step: Int)
  case categorical([JSONValue])

  /// Why a distribution cannot be taken.
  package struct Problem: Error, Hashable, Sendable {
    /// What is wrong with it.
    package var text: String
  }

  /// What stands for Python's `None` among the choices.
  package static let null = "null"

  /// Reads a distribution as Optuna stores it, those of its first versions too.
  package init(text: String) throws(Problem) {
    guard let json = try? JSONValue(text: text), case .string(let name)? = json["name"],
      let attributes = json["attributes"]
    else { throw Problem(text: "its distribution cannot be read: \(text.onOneLine(atMost: 80))") }
    func number(_ key: String) throws(Problem) -> Double {
      guard case .number(let value)? = attributes[key] else {
        throw Problem(text: "its \(name) has no number \"\(key)\"")
      }
      return value
    }
    func whole(_ key: String, else standard: Int? = nil) throws(Problem) -> Int {
      if let standard, attributes[key] == nil || attributes[key] == .null { return standard }
      guard let value = Int(exactly: try number(key)), Int.exactRange.contains(value) else {
        throw Problem(text: "its \(name) has a \"\(key)\" that is no whole number up to 2^53")
      }
      return value
    }
    let isLog = attributes["log"] == .bool(true)
    switch name {
    case "FloatDistribution":
      var step: Double?
      if case .number(let value)? = attributes["step"] { step = value }
      self = .float(low: try number("low"), high: try number("high"), log: isLog, step: step)
    case "UniformDistribution": self = .float(low: try number("low"), high: try number("high"), log: false, step: nil)
    case "LogUniformDistribution":
      self = .float(low: try number("low"), high: try number("high"), log: true, step: nil)
    case "DiscreteUniformDistribution":
      self = .float(low: try number("low"), high: try number("high"), log: false, step: try number("q"))
    case "IntDistribution", "IntUniformDistribution":
      self = .int(low: try whole("low"), high: try whole("high"), log: isLog, step: try whole("step", else: 1))
    case "IntLogUniformDistribution": self = .int(low: try whole("low"), high: try whole("high"), log: true, step: 1)
    case "CategoricalDistribution":
      guard case .array(let choices)? = attributes["choices"] else { throw Problem(text: "its choices cannot be read") }
      self = .categorical(choices)
      for choice in choices where choice != .null && ParameterValue(choice: choice) == nil {
        throw Problem(text: "its choice \(choice.text.onOneLine(atMost: 40)) is no string, number or truth value")
      }
      if choices.contains(.null), choices.contains(.string(Self.null)) {
        throw Problem(text: "it has both None and the text \"\(Self.null)\" as choices")
      }
    default: throw Problem(text: "its distribution \(name.onOneLine(atMost: 40)) is not known")
    }
  }

  /// The distribution as Optuna stores it.
  package var text: String {
    let (name, attributes): (String, JSONValue) =
      switch self {
      case .float(let low, let high, let log, let step):
        (
          "FloatDistribution",
          [
            "low": .number(low), "high": .number(high), "log": .bool(log),
            "step": step.map(JSONValue.number) ?? .null,
          ]
        )
      case .int(let low, let high, let log, let step):
        (
          "IntDistribution",
          ["low": .integer(low), "high": .integer(high), "log": .bool(log), "step": .integer(step)]
        )
      case .categorical(let choices): ("CategoricalDistribution", ["choices": .array(choices)])
      }
    let json: JSONValue = ["name": .string(name), "attributes": attributes]
    return json.text
  }

  /// The same values as Hone's.
  package var domain: Domain {
    switch self {
    case .float(let low, let high, let log, let step):
      .float(FloatDomain(low, high, scale: log ? .log : .linear, step: step))
    case .int(let low, let high, let log, let step):
      .int(IntDomain(low, high, scale: log ? .log : .linear, step: step))
    case .categorical(let choices): .categorical(choices.compactMap(Self.value(choice:)))
    }
  }

  /// The value of a choice; `nil` for what no choice can be.
  package static func value(choice: JSONValue) -> ParameterValue? {
    choice == .null ? .string(null) : ParameterValue(choice: choice)
  }

  /// The value that Optuna stores as a number; `nil` where there is none.
  package func value(stored: Double) -> ParameterValue? {
    switch self {
    case .float: .float(stored)
    case .int: Int(exactly: stored).map(ParameterValue.int)
    case .categorical(let choices):
      Int(exactly: stored).flatMap { choices.indices.contains($0) ? Self.value(choice: choices[$0]) : nil }
    }
  }

  /// The number that Optuna stores for a value; `nil` where it is none of these.
  package func stored(_ value: ParameterValue) -> Double? {
    switch self {
    case .float, .int: value.number
    case .categorical(let choices): choices.firstIndex { Self.value(choice: $0) == value }.map(Double.init)
    }
  }

  /// The least distribution that has the values of both; `nil` where Optuna would not take them for one parameter.
  package func widened(with other: OptunaDistribution) -> OptunaDistribution? {
    switch (self, other) {
    case (.float(let low, let high, let log, let step), .float(let low2, let high2, let log2, let step2)):
      guard log == log2 else { return nil }
      var kept: Double?
      if let step, step == step2, abs(((low - low2) / step).rounded() - (low - low2) / step) < 1e-8 { kept = step }
      return .float(low: min(low, low2), high: max(high, high2), log: log, step: kept)
    case (.int(let low, let high, let log, let step), .int(let low2, let high2, let log2, let step2)):
      guard log == log2 else { return nil }
      let kept = step == step2 && (low - low2).isMultiple(of: step) ? step : 1
      return .int(low: min(low, low2), high: max(high, high2), log: log, step: kept)
    case (.categorical, .categorical): return self == other ? self : nil
    default: return nil
    }
  }
}
