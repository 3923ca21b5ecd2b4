/// Takes options from a command line, one by one, each as what it should be.
struct OptionReader {
  /// The values by name; `nil` where an option stands without one.
  private var values: [String: String?] = [:]
  private var flags: Set<String> = []

  /// Sorts the arguments into options: `--name value`, `--name=value`, or just `--name` for the flags listed.
  init(_ arguments: [String], flags known: Set<String>) throws(OptionError) {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      guard argument.hasPrefix("--"), argument.count > 2 else { throw .notAnOption(argument) }
      let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      if values.keys.contains(name) || flags.contains(name) { throw .repeated(name) }
      if known.contains(name) {
        if parts.count == 2 { throw .invalid(name, String(parts[1]), allowed: "without a value") }
        flags.insert(name)
      } else if parts.count == 2 {
        values[name] = String(parts[1])
      } else if let value = rest.first, !value.hasPrefix("--") {
        values[name] = value
        rest.removeFirst()
      } else {
        // What is missing is said when the option is taken: one that nobody takes is unknown rather than incomplete.
        values[name] = .some(nil)
      }
    }
  }

  /// Whether a flag is there.
  mutating func flag(_ name: String) -> Bool { flags.remove(name) != nil }

  /// A text as it stands.
  mutating func text(_ name: String) throws(OptionError) -> String? {
    guard let value = values.removeValue(forKey: name) else { return nil }
    guard let value else { throw .missingValue(name) }
    return value
  }

  /// A whole number in a range.
  mutating func integer<Number: FixedWidthInteger>(
    _ name: String, in range: ClosedRange<Number>
  ) throws(OptionError) -> Number? {
    guard let text = try text(name) else { return nil }
    guard let number = Number(text), range.contains(number) else {
      throw .invalid(name, text, allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// A finite number that keeps a rule, which `allowed` states in words.
  mutating func number(
    _ name: String, _ allowed: String, where isAllowed: (Double) -> Bool
  ) throws(OptionError) -> Double? {
    guard let text = try text(name) else { return nil }
    guard let number = Double(text), number.isFinite, isAllowed(number) else {
      throw .invalid(name, text, allowed: allowed)
    }
    return number
  }

  /// Refuses what nobody took.
  func finish() throws(OptionError) {
    if let name = values.keys.min() ?? flags.min() { throw .unknown(name) }
  }
}
