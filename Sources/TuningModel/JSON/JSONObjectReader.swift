/// Reads the fields of one JSON object; those nobody asked for are reported as unknown by `finish`.
public final class JSONObjectReader {
  /// Where the object stands in the input.
  public let pointer: String
  /// Where mistakes are noted.
  public let mistakes: MistakeList
  private let fields: [String: JSONValue]
  private var known: Set<String> = []

  init(fields: [String: JSONValue], pointer: String, mistakes: MistakeList) {
    self.fields = fields
    self.pointer = pointer
    self.mistakes = mistakes
  }

  /// The field if it is there.
  public func optional(_ key: String) -> JSONReader? {
    known.insert(key)
    return fields[key].map {
      JSONReader(value: $0, pointer: jsonPointer(pointer, key), mistakes: mistakes)
    }
  }

  /// The field, which must be there.
  public func required(_ key: String) -> JSONReader? {
    if let reader = optional(key) { return reader }
    mistakes.add(InputMistake(pointer: jsonPointer(pointer, key), detail: "Is missing.", kind: .form))
    return nil
  }

  /// The names of all fields that nobody has asked for yet, sorted.
  public var unread: [String] { fields.keys.filter { !known.contains($0) }.sorted() }

  /// Notes a mistake about the object, or about one of its fields.
  public func refuse(_ key: String? = nil, _ detail: String, _ kind: InputMistake.Kind = .meaning) {
    mistakes.add(
      InputMistake(pointer: key.map { jsonPointer(pointer, $0) } ?? pointer, detail: detail, kind: kind))
  }

  /// Notes every field that nobody asked for, unless this input may have such.
  public func finish() {
    if mistakes.ignoresUnknownFields { return }
    for key in unread {
      refuse(key, "Unknown field; known here: \(known.sorted().joined(separator: ", ")).", .form)
    }
  }
}
