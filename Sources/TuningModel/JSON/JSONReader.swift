/// Reads one JSON value at a known place, noting every mistake instead of stopping at the first.
///
/// Each reading method answers `nil` after noting why, so a caller goes on with the rest and all mistakes are
/// reported together.
public struct JSONReader {
  /// The value to read.
  public let value: JSONValue
  /// Where it stands in the input.
  public let pointer: String
  /// Where mistakes are noted; shared by all readers of one input.
  public let mistakes: MistakeList

  init(value: JSONValue, pointer: String, mistakes: MistakeList) {
    self.value = value
    self.pointer = pointer
    self.mistakes = mistakes
  }

  /// Reads a whole input.
  ///
  /// - Parameters:
  ///   - value: the input.
  ///   - pointer: where it stands in what the user sent.
  ///   - ignoringUnknownFields: for the answer of a peer that may be newer; what a user wrote is read strictly.
  ///   - body: reads the fields; it notes mistakes in the reader, and may answer `nil` after that.
  /// - Throws: `InvalidInput` when `body` noted any mistake or answered `nil`.
  public static func read<T>(
    _ value: JSONValue, at pointer: String = "", ignoringUnknownFields: Bool = false, _ body: (JSONReader) -> T?
  ) throws(InvalidInput) -> T {
    let mistakes = MistakeList(ignoringUnknownFields: ignoringUnknownFields)
    let result = body(JSONReader(value: value, pointer: pointer, mistakes: mistakes))
    guard mistakes.all.isEmpty, let result else {
      throw InvalidInput(
        mistakes.all.isEmpty
          ? [InputMistake(pointer: pointer, detail: "Not readable.", kind: .form)]
          : mistakes.all)
    }
    return result
  }

  /// Notes that the value at this place is not acceptable.
  public func refuse(_ detail: String, _ kind: InputMistake.Kind = .meaning) {
    mistakes.add(InputMistake(pointer: pointer, detail: detail, kind: kind))
  }

  /// A string.
  public func string() -> String? {
    if case .string(let value) = value { return value }
    return expected("a string")
  }

  /// A boolean.
  public func bool() -> Bool? {
    if case .bool(let value) = value { return value }
    return expected("true or false")
  }

  /// A finite number.
  public func number() -> Double? {
    if case .number(let value) = value { return value }
    return expected("a number")
  }

  /// A number, or one of the strings "NaN", "Infinity", "-Infinity".
  public func extendedNumber() -> Double? {
    switch value {
    case .number(let value): value
    case .string("NaN"): .nan
    case .string("Infinity"): .infinity
    case .string("-Infinity"): -.infinity
    default: expected("a number, \"NaN\", \"Infinity\" or \"-Infinity\"")
    }
  }

  /// A whole number within `range`, and within what a double holds exactly.
  public func integer(in range: ClosedRange<Int> = Int.exactRange) -> Int? {
    guard case .number(let number) = value, number == number.rounded() else { return expected("a whole number") }
    let allowed = range.clamped(to: Int.exactRange)
    guard let whole = Int(exactly: number), allowed.contains(whole) else {
      refuse("Must be between \(allowed.lowerBound) and \(allowed.upperBound), not \(value.text).")
      return nil
    }
    return whole
  }

  /// The elements of an array.
  public func array() -> [JSONReader]? {
    guard case .array(let elements) = value else { return expected("an array") }
    return elements.enumerated().map {
      JSONReader(value: $1, pointer: jsonPointer(pointer, $0), mistakes: mistakes)
    }
  }

  /// The fields of an object, each of which must be read before `finish`.
  public func object() -> JSONObjectReader? {
    guard case .object(let fields) = value else { return expected("an object") }
    return JSONObjectReader(fields: fields, pointer: pointer, mistakes: mistakes)
  }

  /// All fields of an object whose names are free, sorted by name.
  public func entries() -> [(key: String, reader: JSONReader)]? {
    guard case .object(let fields) = value else { return expected("an object") }
    return fields.sorted { $0.key < $1.key }.map {
      ($0.key, JSONReader(value: $0.value, pointer: jsonPointer(pointer, $0.key), mistakes: mistakes))
    }
  }

  private func expected<T>(_ what: String) -> T? {
    refuse("Must be \(what), not \(value.kind).", .form)
    return nil
  }
}

extension Int {
  /// The whole numbers that a double, and so JSON, holds exactly: ±2^53.
  public static let exactRange = -9_007_199_254_740_992...9_007_199_254_740_992
}

/// The mistakes found in one input so far.
public final class MistakeList {
  /// In the order in which they were noted.
  public private(set) var all: [InputMistake] = []
  private var noted: Set<InputMistake> = []
  private var omittedCount = 0
  private var omittedKinds: Set<InputMistake.Kind> = []
  /// Whether fields that nobody asked for are no mistakes.
  public let ignoresUnknownFields: Bool

  /// Creates an empty list.
  public init(ignoringUnknownFields: Bool = false) { ignoresUnknownFields = ignoringUnknownFields }

  /// Whether further mistakes are only counted.
  public var isFull: Bool { all.count >= InvalidInput.limit }

  /// Notes a mistake, once; beyond the limit of what is told, mistakes are only counted.
  ///
  /// Long details are cut: a hostile input must not be repeated for each of its mistakes.
  public func add(_ mistake: InputMistake) {
    guard isFull else {
      var short = mistake
      if mistake.detail.utf8.count > 600 { short.detail = mistake.detail.prefix(500) + "…" }
      if noted.insert(short).inserted { all.append(short) }
      return
    }
    omittedCount += 1
    omittedKinds.insert(mistake.kind)
    let kind: InputMistake.Kind =
      omittedKinds.contains(.form) ? .form : omittedKinds == [.support] ? .support : .meaning
    let summary = InputMistake(pointer: "", detail: "And \(omittedCount) more mistakes.", kind: kind)
    if all.count == InvalidInput.limit { all.append(summary) } else { all[InvalidInput.limit] = summary }
  }
}
