/// Header fields in the order of the message; names compare without regard to ASCII case.
public struct HTTPHeaders: Sendable, Equatable, ExpressibleByDictionaryLiteral {
  /// One field line.
  public struct Field: Sendable, Hashable {
    /// The name as it was written.
    public var name: String
    /// The value without surrounding white space.
    public var value: String

    /// Makes a field; nothing is checked until it is sent.
    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// All fields in order.
  public private(set) var fields: [Field]

  /// Makes an empty set of fields.
  public init() {
    fields = []
  }

  /// Makes fields in the order of the literal; repeated names stay repeated.
  public init(dictionaryLiteral elements: (String, String)...) {
    fields = elements.map { Field(name: $0.0, value: $0.1) }
  }

  /// The first value under a name; setting replaces every field of that name, and nil removes them.
  public subscript(name: String) -> String? {
    get { fields.first { Self.matches($0.name, name) }?.value }
    set {
      fields.removeAll { Self.matches($0.name, name) }
      if let newValue { append(name, newValue) }
    }
  }

  /// All values under a name, in order.
  public func values(of name: String) -> [String] {
    fields.filter { Self.matches($0.name, name) }.map(\.value)
  }

  /// The members of a comma-separated list, over all fields of that name, trimmed, empty members left out.
  public func list(of name: String) -> [String] {
    var members: [String] = []
    for field in fields where Self.matches(field.name, name) {
      for member in field.value.utf8.split(separator: UInt8(ascii: ",")) {
        let trimmed = member.trimmed
        if !trimmed.isEmpty { members.append(String(Substring(trimmed))) }
      }
    }
    return members
  }

  /// Adds a field after the others, even when the name is there already.
  public mutating func append(_ name: String, _ value: String) {
    fields.append(Field(name: name, value: value))
  }

  /// Whether two names or list members are the same without regard to ASCII case.
  static func matches(_ one: String, _ other: String) -> Bool {
    let (one, other) = (one.utf8, other.utf8)
    guard one.count == other.count else { return false }
    return zip(one, other).allSatisfy { $0 == $1 || $0.asciiLowercased == $1.asciiLowercased }
  }
}

extension Substring.UTF8View {
  /// Without spaces and tabs at either end.
  fileprivate var trimmed: Substring.UTF8View {
    guard let first = firstIndex(where: { !$0.isBlank }), let last = lastIndex(where: { !$0.isBlank }) else {
      return self[startIndex..<startIndex]
    }
    return self[first...last]
  }
}
