extension SearchSpace {
  /// The largest number of coordinates of an encoded space.
  public static let maximumDimension = 100_000
  /// The largest number of linear constraints.
  public static let maximumConstraints = 100
  /// The largest number of parameters that all constraints together may concern.
  public static let maximumConstrainedParameters = 200

  /// Notes every mistake; answers the order of parameters with parents first, or `nil` where there is none.
  static func check(
    _ parameters: [Placed<Parameter>], _ constraints: [Placed<LinearConstraint>], noting mistakes: MistakeList
  ) -> [Int]? {
    if parameters.isEmpty {
      // Parameters that could not be read were reported where they stand.
      if mistakes.all.isEmpty {
        mistakes.add(InputMistake(pointer: "/parameters", detail: "Needs at least one parameter."))
      }
      return nil
    }
    var position: [String: Int] = [:]
    for (index, placed) in parameters.enumerated() {
      let parameter = placed.part
      func refuse(_ field: String, _ detail: String) {
        mistakes.add(InputMistake(pointer: placed.pointer + field, detail: detail))
      }
      if !Name.isValid(parameter.name) { refuse("/name", Name.rule) }
      if position.updateValue(index, forKey: parameter.name) != nil {
        refuse("/name", "There is another parameter named \"\(parameter.name)\".")
      }
      let countBefore = mistakes.all.count
      parameter.domain.check(refuse)
      if mistakes.all.count == countBefore, let value = parameter.defaultValue,
        parameter.domain.canonical(value) == nil
      {
        refuse("/default", "\(value.description.prefix(80)) is outside the parameter's domain: \(parameter.domain).")
      }
    }
    let size = parameters.reduce(0) { $0 + $1.part.domain.slotCount }
    if size > maximumDimension {
      mistakes.add(
        InputMistake(pointer: "/parameters", detail: "Has \(size) dimensions; at most \(maximumDimension) are allowed.")
      )
    }
    guard mistakes.all.isEmpty else { return nil }
    guard conditionsAreShort(parameters, position, mistakes) else { return nil }
    for placed in parameters { checkCondition(of: placed, parameters, position, mistakes) }
    checkConstraints(constraints, parameters, position, mistakes)
    return mistakes.all.isEmpty ? parentsFirst(parameters, position, mistakes) : nil
  }

  /// Bounds the work of comparing the values in conditions with the parents' values: a definition of a megabyte could
  /// otherwise keep a server busy for minutes.
  private static func conditionsAreShort(
    _ parameters: [Placed<Parameter>], _ position: [String: Int], _ mistakes: MistakeList
  ) -> Bool {
    var comparisons = 0
    for (parent, allowed) in parameters.lazy.compactMap(\.part.condition).flatMap(\.values) {
      guard let index = position[parent] else { continue }
      switch parameters[index].part.domain {
      case .ordinal(let values), .categorical(let values): comparisons += allowed.count * values.count
      case .float, .int, .bool: comparisons += allowed.count
      }
    }
    if comparisons <= 5_000_000 { return true }
    mistakes.add(InputMistake(pointer: "/parameters", detail: "The conditions list too many values of their parents."))
    return false
  }

  private static func checkConstraints(
    _ constraints: [Placed<LinearConstraint>], _ parameters: [Placed<Parameter>], _ position: [String: Int],
    _ mistakes: MistakeList
  ) {
    func refuse(_ pointer: String, _ detail: String) { mistakes.add(InputMistake(pointer: pointer, detail: detail)) }
    if constraints.count > maximumConstraints {
      refuse(
        "/parameter_constraints", "Has \(constraints.count) constraints; at most \(maximumConstraints) are allowed.")
      return
    }
    let names = Set(constraints.flatMap(\.part.coefficients.keys))
    if names.count > maximumConstrainedParameters {
      refuse(
        "/parameter_constraints",
        "Concern \(names.count) parameters; at most \(maximumConstrainedParameters) are allowed.")
      return
    }
    for placed in constraints {
      for name in placed.part.coefficients.keys.sorted() {
        guard let index = position[name] else {
          refuse(placed.pointer, "There is no parameter \"\(name)\".")
          continue
        }
        if !parameters[index].part.domain.isNumeric {
          refuse(placed.pointer, "\"\(name)\" is not a numeric parameter with one value.")
        }
      }
    }
  }

  private static func checkCondition(
    of placed: Placed<Parameter>, _ parameters: [Placed<Parameter>], _ position: [String: Int],
    _ mistakes: MistakeList
  ) {
    guard let condition = placed.part.condition else { return }
    func refuse(_ pointer: String, _ detail: String) { mistakes.add(InputMistake(pointer: pointer, detail: detail)) }
    if condition.values.isEmpty { refuse(placed.pointer + "/when", "Needs at least one parent parameter.") }
    for (parent, allowed) in condition.values.sorted(by: { $0.key < $1.key }) {
      let pointer = jsonPointer(placed.pointer + "/when", parent)
      guard let index = position[parent] else {
        refuse(pointer, "There is no parameter \"\(parent)\".")
        continue
      }
      let domain = parameters[index].part.domain
      if case .float = domain {
        refuse(pointer, "A float cannot be a parent; bool, categorical, ordinal and int can.")
        continue
      }
      if allowed.isEmpty { refuse(pointer, "Needs at least one value of \"\(parent)\".") }
      for (index, value) in allowed.enumerated() where !mistakes.isFull && domain.canonical(value) == nil {
        refuse(pointer + "/\(index)", "\(value.description.prefix(80)) is not a value of \"\(parent)\": \(domain).")
      }
    }
  }
}

extension Domain {
  /// Reports what is wrong with the domain, by field.
  func check(_ refuse: (_ field: String, _ detail: String) -> Void) {
    switch self {
    case .float(let domain): domain.check(refuse)
    case .int(let domain): domain.check(refuse)
    case .bool: break
    case .ordinal(let values): Self.check(values, "/values", refuse)
    case .categorical(let values): Self.check(values, "/choices", refuse)
    }
  }

  private static func check(
    _ values: [ParameterValue], _ field: String, _ refuse: (_ field: String, _ detail: String) -> Void
  ) {
    if values.isEmpty { refuse(field, "Needs at least one value.") }
    if values.count > 10_000 { refuse(field, "Has \(values.count) values; at most 10000 are allowed.") }
    var seen: Set<ParameterValue> = []
    for (index, value) in values.enumerated() {
      if !seen.insert(value).inserted {
        refuse("\(field)/\(index)", "\(value.description.prefix(80)) stands here twice.")
      }
      if case .vector = value { refuse("\(field)/\(index)", "A choice is a string, a number or a boolean.") }
      if case .float(let number) = value, !number.isFinite { refuse("\(field)/\(index)", "Must be finite.") }
    }
  }

  /// The number of coordinates that a parameter of this domain takes in an encoded space.
  var slotCount: Int {
    if case .float(let domain) = self { domain.size ?? 1 } else { 1 }
  }
}

extension FloatDomain {
  fileprivate func check(_ refuse: (_ field: String, _ detail: String) -> Void) {
    if !low.isFinite { refuse("/low", "Must be finite.") }
    if !high.isFinite { refuse("/high", "Must be finite.") }
    guard low.isFinite, high.isFinite else { return }
    if low > high { refuse("/low", "low is \(low), above high, which is \(high).") }
    if scale == .log, low <= 0 { refuse("/low", "A log scale needs low > 0, not \(low).") }
    if let size, size < 1 { refuse("/size", "Must be at least 1, not \(size).") }
    if let step {
      if scale == .log { refuse("/step", "A log scale has no step.") }
      if !(step > 0 && step.isFinite) {
        refuse("/step", "Must be above 0, not \(step).")
      } else if (high - low) / step > 0x1p40 {
        refuse("/step", "Is too small for the range: at most 2^40 steps are allowed.")
      }
    }
  }
}

extension IntDomain {
  fileprivate func check(_ refuse: (_ field: String, _ detail: String) -> Void) {
    for (field, bound) in [("/low", low), ("/high", high)] where !Int.exactRange.contains(bound) {
      refuse(field, "Must be within ±2^53.")
    }
    guard Int.exactRange.contains(low), Int.exactRange.contains(high) else { return }
    if low > high { refuse("/low", "low is \(low), above high, which is \(high).") }
    if step < 1 { refuse("/step", "Must be at least 1, not \(step).") }
    if high - low > 1 << 48 { refuse("/high", "The range is too wide: at most 2^48 values are allowed.") }
    if scale == .log {
      if low < 1 { refuse("/low", "A log scale needs low ≥ 1, not \(low).") }
      if step > 1 { refuse("/step", "A log scale takes no step other than 1.") }
      if high > 1 << 40 { refuse("/high", "On a log scale at most 2^40.") }
    }
  }
}

extension Domain: CustomStringConvertible {
  /// The domain in the words of an error message.
  public var description: String {
    switch self {
    case .float(let domain):
      let text = "a number from \(domain.low) to \(domain.high)" + (domain.step.map { " in steps of \($0)" } ?? "")
      return domain.size.map { "\($0) numbers, each \(text)" } ?? text
    case .int(let domain):
      return "a whole number from \(domain.low) to \(domain.high)"
        + (domain.step > 1 ? " in steps of \(domain.step)" : "")
    case .bool: return "true or false"
    case .ordinal(let values), .categorical(let values):
      let shown = values.prefix(8).map { String($0.description.prefix(40)) }.joined(separator: ", ")
      return "one of " + shown + (values.count > 8 ? ", …" : "")
    }
  }

  /// The domain with its scale, as a table of parameters shows it.
  public var summary: String {
    switch self {
    case .float(let domain) where domain.scale == .log: "\(self), log scale"
    case .int(let domain) where domain.scale == .log: "\(self), log scale"
    default: description
    }
  }
}

/// The rule for names of studies, parameters and metrics.
public enum Name {
  /// Whether the text is a name: `[A-Za-z0-9][A-Za-z0-9._-]{0,127}`.
  public static func isValid(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard let first = bytes.first, bytes.count <= 128 else { return false }
    return isAlphanumeric(first) && bytes.allSatisfy { isAlphanumeric($0) || Array("._-".utf8).contains($0) }
  }

  /// The rule in words.
  public static let rule =
    "A name has 1 to 128 letters, digits, dots, underscores and hyphens, and starts with a letter or digit."

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"):
      true
    default: false
    }
  }
}
