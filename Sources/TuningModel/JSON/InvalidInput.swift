/// One thing wrong with some input, and where.
public struct InputMistake: Hashable, Sendable {
  /// Whether the input could not be read, or was read and cannot be accepted.
  public enum Kind: Hashable, Sendable {
    /// Not of the form that is asked for: a wrong type, a missing or an unknown field.
    case form
    /// Of the right form, but its meaning is not acceptable: an empty range, a value outside the space.
    case meaning
    /// Sound, but what was chosen to serve it cannot honour it.
    case support
  }

  /// A JSON pointer (RFC 6901) into the input; empty for the whole of it.
  public var pointer: String
  /// What is wrong and what would be right.
  public var detail: String
  /// What sort of mistake this is.
  public var kind: Kind

  /// Creates a mistake.
  public init(pointer: String, detail: String, kind: Kind = .meaning) {
    self.pointer = pointer
    self.detail = detail
    self.kind = kind
  }
}

/// Input that was refused, with every mistake found in it.
public struct InvalidInput: Error, Hashable, Sendable {
  /// The mistakes, in the order in which they were found; never empty.
  public var mistakes: [InputMistake]

  /// So many mistakes are told; nobody reads more, and a body can hold hundreds of thousands.
  public static let limit = 100

  /// Creates the error; of more mistakes than `limit` the last one says how many were left out.
  public init(_ mistakes: [InputMistake]) {
    self.mistakes = mistakes
    // One beyond the limit is the summary that a full list ends with.
    guard mistakes.count > Self.limit + 1 else { return }
    self.mistakes = Array(mistakes.prefix(Self.limit))
    let others = mistakes.dropFirst(Self.limit)
    let kinds = Set(others.map(\.kind))
    let kind: InputMistake.Kind = kinds.contains(.form) ? .form : kinds == [.support] ? .support : .meaning
    self.mistakes.append(InputMistake(pointer: "", detail: "And \(others.count) more mistakes.", kind: kind))
  }
}

extension InvalidInput: CustomStringConvertible {
  /// One line a mistake: the pointer and what is wrong there.
  public var description: String {
    mistakes.map { $0.pointer.isEmpty ? $0.detail : "\($0.pointer): \($0.detail)" }.joined(separator: "\n")
  }
}

/// Extends a JSON pointer by one field name or index, escaped as RFC 6901 asks.
public func jsonPointer(_ base: String, _ key: some CustomStringConvertible) -> String {
  var escaped = ""
  // By scalars: with a combining mark after it, a slash is another character.
  for scalar in key.description.unicodeScalars {
    switch scalar {
    case "~": escaped += "~0"
    case "/": escaped += "~1"
    default: escaped.unicodeScalars.append(scalar)
    }
  }
  return base + "/" + escaped
}
