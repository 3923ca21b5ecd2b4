/// Reads one JSON text (RFC 8259) in a single pass.
///
/// Stricter than the grammar in one point: a name must not stand twice in one object, since readers disagree on which
/// of the two counts.
struct JSONParser {
  /// The deepest nesting of arrays and objects.
  static let deepest = 512

  private let bytes: [UInt8]
  private var position = 0

  /// Reads a whole text.
  static func parse(_ bytes: [UInt8]) throws(JSONSyntaxError) -> JSONValue {
    var parser = JSONParser(bytes: bytes)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { parser.position = 3 }
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    if let byte = parser.next { throw parser.unexpected(byte, "the end of the text") }
    return value
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONValue {
    skipSpace()
    if depth > Self.deepest { throw error("Is nested deeper than \(Self.deepest) levels.") }
    guard let byte = next else { throw error("Ends where a value is expected.") }
    switch byte {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), Self.digits: return .number(try number())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: throw unexpected(byte, "a value")
    }
  }

  private mutating func object(depth: Int) throws(JSONSyntaxError) -> JSONValue {
    var fields: [String: JSONValue] = [:]
    position += 1
    skipSpace()
    if take(UInt8(ascii: "}")) { return .object(fields) }
    while true {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw unexpected(next, "a name in quotes") }
      let start = position
      let name = try string()
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw unexpected(next, "\":\"") }
      if fields.updateValue(try value(depth: depth + 1), forKey: name) != nil {
        position = start
        throw error("The name \"\(name)\" stands twice in one object.")
      }
      skipSpace()
      if take(UInt8(ascii: "}")) { return .object(fields) }
      guard take(UInt8(ascii: ",")) else { throw unexpected(next, "\",\" or \"}\"") }
    }
  }

  private mutating func array(depth: Int) throws(JSONSyntaxError) -> JSONValue {
    var elements: [JSONValue] = []
    position += 1
    skipSpace()
    if take(UInt8(ascii: "]")) { return .array(elements) }
    while true {
      elements.append(try value(depth: depth + 1))
      skipSpace()
      if take(UInt8(ascii: "]")) { return .array(elements) }
      guard take(UInt8(ascii: ",")) else { throw unexpected(next, "\",\" or \"]\"") }
    }
  }

  private mutating func word(_ text: StaticString, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
    let end = position + text.utf8CodeUnitCount
    let isThere = text.withUTF8Buffer { end <= bytes.count && bytes[position..<end].elementsEqual($0) }
    guard isThere else { throw unexpected(next, "a value") }
    position = end
    return value
  }
}

// MARK: Numbers

extension JSONParser {
  private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")

  private mutating func number() throws(JSONSyntaxError) -> Double {
    let start = position
    let isNegative = take(UInt8(ascii: "-"))
    let first = position
    let leadsWithZero = next == UInt8(ascii: "0")
    try skipDigits()
    if leadsWithZero, position - first > 1 { throw error("A number must not begin with 0.") }
    let isWhole = next != UInt8(ascii: ".") && next != UInt8(ascii: "e") && next != UInt8(ascii: "E")
    if isWhole, position - first <= 15 {
      let magnitude = bytes[first..<position].reduce(0) { $0 * 10 + Int($1 & 15) }
      return isNegative ? -Double(magnitude) : Double(magnitude)
    }
    if take(UInt8(ascii: ".")) { try skipDigits() }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try skipDigits()
    }
    let value = Double(String(decoding: bytes[start..<position], as: UTF8.self))
    guard let value, value.isFinite else {
      position = start
      throw error("The number is too large.")
    }
    return value
  }

  private mutating func skipDigits() throws(JSONSyntaxError) {
    let start = position
    while let byte = next, Self.digits.contains(byte) { position += 1 }
    if position == start { throw unexpected(next, "a digit") }
  }
}

// MARK: Strings

extension JSONParser {
  private mutating func string() throws(JSONSyntaxError) -> String {
    position += 1
    let start = position
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        defer { position += 1 }
        return try text(bytes[start..<position], from: start)
      case UInt8(ascii: "\\"):
        return try escapedString(from: start)
      case 0..<0x20:
        throw unexpected(bytes[position], "a character of a string")
      default: position += 1
      }
    }
    throw error("Ends inside a string.")
  }

  /// Reads on from the first escape of a string.
  private mutating func escapedString(from start: Int) throws(JSONSyntaxError) -> String {
    var content = Array(bytes[start..<position])
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return try text(content[...], from: start)
      case UInt8(ascii: "\\"): try escape(onto: &content)
      case 0..<0x20:
        position -= 1
        throw unexpected(byte, "a character of a string")
      default: content.append(byte)
      }
    }
    throw error("Ends inside a string.")
  }

  private mutating func escape(onto content: inout [UInt8]) throws(JSONSyntaxError) {
    guard let byte = next else { throw error("Ends inside a string.") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
    case UInt8(ascii: "b"): content.append(0x08)
    case UInt8(ascii: "f"): content.append(0x0C)
    case UInt8(ascii: "n"): content.append(0x0A)
    case UInt8(ascii: "r"): content.append(0x0D)
    case UInt8(ascii: "t"): content.append(0x09)
    case UInt8(ascii: "u"): content.append(contentsOf: String(try escapedScalar()).utf8)
    default:
      position -= 1
      throw unexpected(byte, "one of \"\\/bfnrtu")
    }
  }

  /// The character of `\uXXXX`, or of two of them that are a surrogate pair; the first `\u` is read already.
  private mutating func escapedScalar() throws(JSONSyntaxError) -> Unicode.Scalar {
    let start = position
    let unit = try hexadecimal()
    if let scalar = Unicode.Scalar(unit) { return scalar }
    if unit < 0xDC00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) {
      let low = try hexadecimal()
      if (0xDC00..<0xE000).contains(low), let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
      {
        return scalar
      }
    }
    position = start
    throw error("Half of a surrogate pair stands alone.")
  }

  private mutating func hexadecimal() throws(JSONSyntaxError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw unexpected(next, "a hexadecimal digit")
      }
      value = value << 4 + UInt32(digit)
      position += 1
    }
    return value
  }

  private mutating func text(_ content: ArraySlice<UInt8>, from start: Int) throws(JSONSyntaxError) -> String {
    guard let text = String(validating: content, as: UTF8.self) else {
      position = start
      throw error("The string is not UTF-8.")
    }
    return text
  }
}

// MARK: Space and mistakes

extension JSONParser {
  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  /// Goes past a byte if it is next.
  private mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    position += 1
    return true
  }

  private func unexpected(_ byte: UInt8?, _ expected: String) -> JSONSyntaxError {
    guard let byte else { return error("Ends where \(expected) is expected.") }
    let found = (0x21..<0x7F).contains(byte) ? "\"\(Character(Unicode.Scalar(byte)))\"" : "byte \(byte)"
    return error("Expected \(expected), not \(found).")
  }

  /// A mistake at the present position, told with its line and column, both counted from 1, the latter in bytes.
  private func error(_ detail: String) -> JSONSyntaxError {
    let before = bytes[..<min(position, bytes.count)]
    let line = before.count { $0 == 0x0A } + 1
    let column = before.count - (before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0) + 1
    return JSONSyntaxError(detail: "Line \(line), column \(column): \(detail)")
  }
}
