/// Writes a value as JSON text with sorted names, so that equal values have equal text.
///
/// The text is that of Foundation's `JSONEncoder`, which takes many times as long.
struct JSONWriter {
  /// The text so far, in UTF-8.
  private(set) var bytes: [UInt8] = []
  private let isIndented: Bool
  private var depth = 0

  /// - Parameter isIndented: for people; compact where not.
  init(_ value: JSONValue, isIndented: Bool = false) {
    self.isIndented = isIndented
    write(value)
  }

  private mutating func write(_ value: JSONValue) {
    switch value {
    case .null: append("null")
    case .bool(let value): append(value ? "true" : "false")
    case .number(let value): write(value)
    case .string(let value): writeString(value)
    case .array(let values): writeList(values, "[", "]") { $0.write($1) }
    case .object(let fields):
      let sorted = fields.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      writeList(sorted, "{", "}") { writer, field in
        writer.writeString(field.key)
        writer.append(writer.isIndented ? " : " : ":")
        writer.write(field.value)
      }
    }
  }

  private mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  private mutating func writeList<Element>(
    _ elements: [Element], _ opening: StaticString, _ closing: StaticString,
    _ writeElement: (inout JSONWriter, Element) -> Void
  ) {
    append(opening)
    depth += 1
    for (index, element) in elements.enumerated() {
      if index > 0 { append(",") }
      breakLine()
      writeElement(&self, element)
    }
    depth -= 1
    if elements.isEmpty && isIndented { append("\n") }
    breakLine()
    append(closing)
  }

  private mutating func breakLine() {
    guard isIndented else { return }
    append("\n")
    for _ in 0..<depth { append("  ") }
  }

  /// The one place where numbers that JSON lacks are written: as strings.
  private mutating func write(_ value: Double) {
    guard value.isFinite else {
      return append(value.isNaN ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"")
    }
    // Whole numbers are written without a fraction; beyond 2^53 in magnitude with an exponent.
    if abs(value) < 0x1p53, value != 0, let whole = Int64(exactly: value) {
      bytes.append(contentsOf: whole.description.utf8)
    } else {
      let text = value.description
      bytes.append(contentsOf: text.utf8)
      if text.hasSuffix(".0") { bytes.removeLast(2) }
    }
  }

  private mutating func writeString(_ text: String) {
    append("\"")
    for byte in text.utf8 {
      switch byte {
      case 0x22: append("\\\"")
      case 0x5C: append("\\\\")
      case 0x08: append("\\b")
      case 0x09: append("\\t")
      case 0x0A: append("\\n")
      case 0x0C: append("\\f")
      case 0x0D: append("\\r")
      case ..<0x20:
        append("\\u00")
        bytes.append(byte < 0x10 ? 0x30 : 0x31)
        bytes.append(contentsOf: String(byte & 0xF, radix: 16).utf8)
      default: bytes.append(byte)
      }
    }
    append("\"")
  }
}
