extension LinearConstraint {
  /// The longest text that is read, in bytes.
  public static let longestText = 8_192

  /// Why a text is no linear constraint.
  public struct ParsingError: Error, Hashable, Sendable {
    /// What is wrong, and what would be right.
    public var detail: String
  }

  /// Reads a text such as `2 * layers + batch <= 140`.
  ///
  /// Both sides may hold sums of numbers, parameters and number * parameter; the relation is `<=` or `>=`.
  ///
  /// - Parameters:
  ///   - text: the constraint as a user writes it.
  ///   - names: the parameters of the space; they decide where a name with a hyphen ends.
  public init(parsing text: String, names: Set<String>) throws(ParsingError) {
    guard text.utf8.count <= Self.longestText else {
      throw ParsingError(detail: "Is longer than \(Self.longestText) bytes.")
    }
    var tokens = try Token.all(in: text, names: names)[...]
    let (left, leftConstant) = try Self.sum(&tokens)
    guard case .relation(let atMost)? = tokens.popFirst() else {
      throw ParsingError(detail: "Needs one relation, <= or >=, as in \"2 * layers + batch <= 140\".")
    }
    let (right, rightConstant) = try Self.sum(&tokens)
    guard tokens.isEmpty else { throw ParsingError(detail: "Has more than one relation.") }
    let sign = atMost ? 1.0 : -1.0
    coefficients = left.merging(right.mapValues { -$0 }, uniquingKeysWith: +)
      .mapValues { $0 * sign }.filter { $0.value != 0 }
    bound = (rightConstant - leftConstant) * sign
    self.text = text
    guard bound.isFinite, coefficients.values.allSatisfy(\.isFinite) else {
      throw ParsingError(detail: "Its numbers are too large.")
    }
    guard !coefficients.isEmpty else { throw ParsingError(detail: "Names no parameter.") }
  }

  private static func sum(_ tokens: inout ArraySlice<Token>) throws(ParsingError) -> ([String: Double], Double) {
    var coefficients: [String: Double] = [:]
    var constant = 0.0
    var first = true
    while let token = tokens.first {
      if case .relation = token { break }
      var sign = 1.0
      if !first, !token.isSign {
        throw ParsingError(detail: "Needs + or - before \(token.text). Constraints are linear, such as 2 * a + b <= 3.")
      }
      while case .sign(let value)? = tokens.first {
        sign *= value
        tokens.removeFirst()
      }
      first = false
      let (name, factor) = try product(&tokens)
      if let name { coefficients[name, default: 0] += sign * factor } else { constant += sign * factor }
    }
    if first { throw ParsingError(detail: "Needs a sum on both sides of its relation.") }
    return (coefficients, constant)
  }

  private static func product(_ tokens: inout ArraySlice<Token>) throws(ParsingError) -> (String?, Double) {
    var name: String?
    var factor = 1.0
    while true {
      switch tokens.popFirst() {
      case .number(let value)?: factor *= value
      case .name(let value)? where name == nil: name = value
      case .name?: throw ParsingError(detail: "Multiplies two parameters; only linear constraints are supported.")
      case let token?: throw ParsingError(detail: "Needs a number or a parameter where \(token.text) stands.")
      case nil: throw ParsingError(detail: "Ends where a number or a parameter is needed.")
      }
      guard case .times? = tokens.first else { return (name, factor) }
      tokens.removeFirst()
    }
  }
}

private enum Token {
  case number(Double)
  case name(String)
  case sign(Double)
  case times
  case relation(atMost: Bool)

  var isSign: Bool { if case .sign = self { true } else { false } }

  var text: String {
    switch self {
    case .number(let value): "\(value)"
    case .name(let name): name
    case .sign(let value): value > 0 ? "+" : "-"
    case .times: "*"
    case .relation(let atMost): atMost ? "<=" : ">="
    }
  }

  static func all(in text: String, names: Set<String>) throws(LinearConstraint.ParsingError) -> [Token] {
    var tokens: [Token] = []
    var rest = Substring(text)
    while let character = rest.first {
      if character.isWhitespace {
        rest.removeFirst()
      } else if rest.hasPrefix("<=") || rest.hasPrefix(">=") {
        tokens.append(.relation(atMost: character == "<"))
        rest.removeFirst(2)
      } else if character == "+" || character == "-" {
        tokens.append(.sign(character == "+" ? 1 : -1))
        rest.removeFirst()
      } else if character == "*" {
        tokens.append(.times)
        rest.removeFirst()
      } else {
        tokens.append(try word(&rest, names: names))
      }
    }
    return tokens
  }

  /// The longest name or number at the start of `rest`: names may hold hyphens and numbers signs of exponents.
  private static func word(
    _ rest: inout Substring, names: Set<String>
  ) throws(LinearConstraint.ParsingError) -> Token {
    // No name and no sensible number is longer.
    let run = rest.prefix(128).prefix { $0.isLetter || $0.isNumber || "._-+".contains($0) }
    var candidate = run
    while !candidate.isEmpty {
      let token: Token? =
        names.contains(String(candidate))
        ? .name(String(candidate))
        : Double(candidate).flatMap { $0.isFinite && candidate.last?.isNumber == true ? .number($0) : nil }
      if let token {
        rest = rest[candidate.endIndex...]
        return token
      }
      candidate.removeLast()
    }
    let shown = run.isEmpty ? rest.prefix(1) : run.prefix(80)
    throw LinearConstraint.ParsingError(detail: "\"\(shown)\" is neither a number nor a parameter of this space.")
  }
}
