/// What the catalog says of a tuner, or of a stopping rule.
public struct TunerDescription: Hashable, Sendable {
  /// The name that studies use.
  public var name: String
  /// What it does and when to choose it, in one or two sentences.
  public var summary: String
  /// Its own options.
  public var options: [TunerOption]
  /// The kinds of requests that its trials carry; none where metrics are their results.
  public var requests: [OracleRequest.Kind]

  /// Creates a description.
  public init(name: String, summary: String, options: [TunerOption] = [], requests: [OracleRequest.Kind] = []) {
    self.name = name
    self.summary = summary
    self.options = options
    self.requests = requests
  }
}

/// One setting of a tuner or of a stopping rule.
public struct TunerOption: Hashable, Sendable {
  /// The field's name in the study's `tuner` or `stopping` object.
  public var name: String
  /// What it means.
  public var meaning: String
  /// The values that it takes.
  public var values: Values
  /// The value where the user says nothing.
  public var defaultValue: JSONValue

  /// The values that an option takes.
  public enum Values: Hashable, Sendable {
    case choice([String])
    case number(ClosedRange<Double>)
    case integer(ClosedRange<Int>)
    case flag
    /// Parameters that hold from a step on, one object {step, parameters} for each stage.
    case schedule
    /// Points of the study's space, each an object with the values of all active parameters.
    case points
  }

  /// Creates an option.
  public init(_ name: String, _ values: Values, default defaultValue: JSONValue, _ meaning: String) {
    self.name = name
    self.values = values
    self.defaultValue = defaultValue
    self.meaning = meaning
  }

  /// Why a value is not one of this option's, or `nil` where it is.
  func objection(to value: JSONValue) -> String? {
    switch (values, value) {
    case (.choice(let choices), .string(let text)) where choices.contains(text): nil
    case (.choice(let choices), _): "Must be one of \(choices.joined(separator: ", "))."
    case (.number(let range), .number(let number)) where range.contains(number): nil
    case (.number(let range), _): "Must be a number from \(range.lowerBound) to \(range.upperBound)."
    case (.integer(let range), .number(let number)) where Int(exactly: number).map(range.contains) ?? false: nil
    case (.integer(let range), _): "Must be a whole number from \(range.lowerBound) to \(range.upperBound)."
    case (.flag, .bool): nil
    case (.flag, _): "Must be true or false."
    // What is in it only the tuner can judge, which knows the study's space.
    case (.schedule, .array(let stages)) where !stages.isEmpty: nil
    case (.schedule, _): "Must be a list of stages, {step, parameters}."
    case (.points, .array): nil
    case (.points, _): "Must be a list of points, an object of parameters each."
    }
  }
}

extension TunerDescription {
  /// What is wrong with the options that a study sets.
  ///
  /// - Parameters:
  ///   - options: the options by name.
  ///   - pointer: where they stand in the study.
  ///   - kind: what has them: a tuner, a stopping rule.
  func objections(to options: [String: JSONValue], at pointer: String, of kind: String) -> [InputMistake] {
    options.sorted { $0.key < $1.key }.compactMap { key, value in
      let place = jsonPointer(pointer, key)
      if let option = self.options.first(where: { $0.name == key }) {
        return option.objection(to: value).map { InputMistake(pointer: place, detail: $0) }
      }
      let known = self.options.map(\.name).joined(separator: ", ")
      let offer = known.isEmpty ? "it has none" : "it has \(known)"
      return InputMistake(pointer: place, detail: "The \(kind) \(name) has no such option; \(offer).")
    }
  }

  /// The option's value for a study's stopping rule: the user's, which is sound once the catalog has checked it, else the
  /// default.
  public func value(of option: String, inStoppingOf study: StudyDefinition) -> JSONValue? {
    study.stopping?.options[option] ?? options.first { $0.name == option }?.defaultValue
  }

  /// The option's value for a study: the user's, which is sound once the catalog has checked it, else the default.
  public func value(of option: String, in study: StudyDefinition) -> JSONValue? {
    study.tuner.options[option] ?? options.first { $0.name == option }?.defaultValue
  }
}
