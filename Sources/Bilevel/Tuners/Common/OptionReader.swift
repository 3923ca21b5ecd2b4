import TuningModel

/// The options that a study sets, or their defaults; the catalog has checked them.
struct OptionReader {
  let study: StudyDefinition
  let description: TunerDescription

  private func value(_ name: String) -> JSONValue? { description.value(of: name, in: study) }

  /// A number; `nil` where the option has no default and is not set.
  func number(_ name: String) -> Double? { if case .number(let number)? = value(name) { number } else { nil } }

  /// A number of an option that has a default.
  func required(_ name: String) -> Double { number(name) ?? 0 }

  /// A whole number; `nil` where the option has no default and is not set.
  func integer(_ name: String) -> Int? { number(name).flatMap { Int(exactly: $0) } }

  /// Whether a flag is set.
  func flag(_ name: String) -> Bool { value(name) == .bool(true) }

  /// One of an option's choices.
  func choice<Choice: RawRepresentable<String>>(_ name: String, _ standard: Choice) -> Choice {
    if case .string(let text)? = value(name) { Choice(rawValue: text) ?? standard } else { standard }
  }

  /// - Throws: `unsupported` with a pointer to the option.
  func refuse(_ name: String, _ detail: String) -> TunerError {
    .unsupported([InputMistake(pointer: jsonPointer("/tuner", name), detail: detail)])
  }
}
