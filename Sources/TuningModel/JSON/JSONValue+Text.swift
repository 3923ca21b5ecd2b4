/// Text that is not JSON, and where it stops being so.
public struct JSONSyntaxError: Error, Hashable, Sendable {
  /// What is wrong, with line and column where they are known.
  public var detail: String

  /// Creates the error.
  public init(detail: String) { self.detail = detail }
}

extension JSONValue: Codable {
  /// Decodes whatever value comes next.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  /// Encodes the value as itself.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .array(let value): try container.encode(value)
    case .object(let value): try container.encode(value)
    }
  }
}

extension JSONValue {
  /// Reads JSON text in UTF-8.
  ///
  /// - Throws: `JSONSyntaxError` where the text is not one JSON value; nesting deeper than 512
  ///   and a name that stands twice in one object count as that.
  public init(text: some Sequence<UInt8>) throws(JSONSyntaxError) {
    self = try JSONParser.parse(Array(text))
  }

  /// Reads JSON text.
  ///
  /// - Throws: `JSONSyntaxError` where the text is not one JSON value.
  public init(text: String) throws(JSONSyntaxError) { try self.init(text: text.utf8) }

  /// The value as compact JSON text with sorted keys, so that equal values have equal text.
  ///
  /// Numbers that JSON lacks are written as the strings "NaN", "Infinity", "-Infinity".
  public var bytes: [UInt8] { JSONWriter(self).bytes }

  /// The value as compact JSON text with sorted keys.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The value as indented JSON text with sorted keys, for people.
  public var prettyText: String { String(decoding: JSONWriter(self, isIndented: true).bytes, as: UTF8.self) }
}
