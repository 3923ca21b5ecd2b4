package import TuningModel

/// Parameters that the words of a command declare where they stand, such as `--lr {lr~loguniform(1e-5, 1e-1)}`.
///
/// A declaration is a name, `~`, and a domain: `uniform(low, high)`, `loguniform(low, high)`, `int(low, high)`,
/// `logint(low, high)`, `choice(a, b, …)`, `ordinal(a, b, …)` or `bool()`; `step=` and `default=` may follow. It stands
/// between braces anywhere in a word, or is a whole word, alone or after one or two hyphens: `--lr~uniform(0, 1)` is
/// `--lr {lr}`.
package struct InlineSpace: Hashable, Sendable {
  /// The words with a plain placeholder for each declaration.
  package private(set) var words: [String] = []
  /// The parameters in the order of their declarations.
  package private(set) var parameters: [Parameter] = []

  /// What is wrong with the declarations, one sentence a mistake.
  package typealias Mistakes = CommandTemplate.Mistakes

  private static let kinds = ["uniform", "loguniform", "int", "logint", "choice", "ordinal", "bool"]

  /// Reads the words of a command.
  ///
  /// - Throws: `Mistakes` where a declaration cannot be read, or a parameter is declared twice in different ways.
  package init(_ command: [String]) throws(Mistakes) {
    var mistakes: [String] = []
    for word in command {
      if let (hyphens, declaration) = Self.wholeWord(word) {
        guard let name = take(declaration, &mistakes) else { continue }
        if !hyphens.isEmpty { words.append(hyphens + name) }
        words.append("{\(name)}")
      } else {
        words.append(replacing(word, &mistakes))
      }
    }
    if !mistakes.isEmpty { throw Mistakes(sentences: mistakes) }
  }

  private struct Declaration {
    var name: String
    var kind: String
    var arguments: String
    var text: String
  }

  /// A word that is nothing but a declaration, with the hyphens before it.
  private static func wholeWord(_ word: String) -> (String, Declaration)? {
    let hyphens = word.prefix { $0 == "-" }
    guard hyphens.count <= 2, let (declaration, end) = declaration(in: word[hyphens.endIndex...]), end == word.endIndex
    else { return nil }
    return (String(hyphens), declaration)
  }

  /// A declaration that the text begins with, and where it ends.
  private static func declaration(in text: Substring) -> (Declaration, String.Index)? {
    guard let tilde = text.firstIndex(of: "~"), Name.isValid(String(text[..<tilde])) else { return nil }
    let rest = text[text.index(after: tilde)...]
    let kind = rest.prefix(while: \.isLetter)
    guard kinds.contains(String(kind)), rest[kind.endIndex...].first == "(" else { return nil }
    let start = rest.index(after: kind.endIndex)
    var quote: Character?
    var index = start
    while index < rest.endIndex {
      let character = rest[index]
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "'" || character == "\"" {
        quote = character
      } else if character == ")" {
        let end = rest.index(after: index)
        let whole = Declaration(
          name: String(text[..<tilde]), kind: String(kind), arguments: String(rest[start..<index]),
          text: String(text[..<end]))
        return (whole, end)
      }
      index = rest.index(after: index)
    }
    return nil
  }

  /// A word with placeholders for the declarations between its braces.
  private mutating func replacing(_ word: String, _ mistakes: inout [String]) -> String {
    var result = ""
    var rest = word[...]
    while let character = rest.popFirst() {
      result.append(character)
      guard character == "{" else { continue }
      if rest.first == "{" {
        result.append(rest.removeFirst())
      } else if let (declaration, end) = Self.declaration(in: rest), end < rest.endIndex, rest[end] == "}" {
        result += take(declaration, &mistakes) ?? ""
        rest = rest[end...]
      }
    }
    return result
  }

  /// Takes a declaration up; answers with its name, or `nil` where it is wrong.
  private mutating func take(_ declaration: Declaration, _ mistakes: inout [String]) -> String? {
    do throws(Mistakes) {
      let parameter = try Self.parameter(declaration)
      if let known = parameters.first(where: { $0.name == parameter.name }) {
        if known != parameter { mistakes.append("\(parameter.name) is declared twice, and not alike.") }
      } else {
        parameters.append(parameter)
      }
      return parameter.name
    } catch {
      mistakes += error.sentences
      return nil
    }
  }

  private static func parameter(_ declaration: Declaration) throws(Mistakes) -> Parameter {
    func mistake(_ what: String) -> Mistakes { Mistakes(sentences: ["\(declaration.text): \(what)"]) }
    var values: [ParameterValue] = []
    var named: [String: ParameterValue] = [:]
    for argument in arguments(declaration.arguments) {
      guard !argument.text.isEmpty || argument.isQuoted else { throw mistake("a value is missing between commas.") }
      if let name = argument.name { named[name] = argument.value } else { values.append(argument.value) }
    }
    for name in named.keys.sorted() where !["default", "step"].contains(name) {
      throw mistake("there is no \(name)=; step= and default= may follow the values.")
    }
    func bounds() throws(Mistakes) -> (Double, Double) {
      let numbers = values.compactMap(\.number)
      guard values.count == 2, numbers.count == 2 else {
        throw mistake("\(declaration.kind) takes two numbers, low and high.")
      }
      return (numbers[0], numbers[1])
    }
    func whole(_ number: Double) throws(Mistakes) -> Int {
      guard let whole = Int(exactly: number) else { throw mistake("\(number) is no whole number.") }
      return whole
    }
    let step = named["step"]
    if let step, step.number == nil { throw mistake("a step is a number.") }
    if step != nil, !["uniform", "int"].contains(declaration.kind) {
      throw mistake("\(declaration.kind) takes no step.")
    }
    let domain: Domain
    switch declaration.kind {
    case "uniform", "loguniform":
      let (low, high) = try bounds()
      domain = .float(
        FloatDomain(low, high, scale: declaration.kind == "uniform" ? .linear : .log, step: step?.number))
    case "int", "logint":
      let (low, high) = try bounds()
      domain = .int(
        IntDomain(
          try whole(low), try whole(high), scale: declaration.kind == "int" ? .linear : .log,
          step: try whole(step?.number ?? 1)))
    case "bool":
      if !values.isEmpty { throw mistake("bool takes no values.") }
      domain = .bool
    default:
      if values.isEmpty { throw mistake("\(declaration.kind) takes values.") }
      domain = declaration.kind == "choice" ? .categorical(values) : .ordinal(values)
    }
    return Parameter(declaration.name, domain, default: named["default"])
  }

  private struct Argument {
    var name: String?
    var text: String
    var isQuoted: Bool

    /// Numbers and truth values as such, anything else as text; in quotation marks all is text.
    var value: ParameterValue {
      if isQuoted { return .string(text) }
      if let json = try? JSONValue(text: text), let value = ParameterValue(choice: json) { return value }
      return .string(text)
    }
  }

  /// The parts between commas, without the spaces around them.
  private static func arguments(_ text: String) -> [Argument] {
    if text.allSatisfy(\.isWhitespace) { return [] }
    var parts: [Argument] = []
    var current = Argument(text: "", isQuoted: false)
    var quote: Character?
    func finished(_ argument: Argument) -> Argument {
      var argument = argument
      if !argument.isQuoted {
        argument.text = String(argument.text.trimmingPrefix(while: \.isWhitespace))
        while argument.text.last?.isWhitespace == true { argument.text.removeLast() }
      }
      return argument
    }
    for character in text {
      if let open = quote {
        if character == open { quote = nil } else { current.text.append(character) }
      } else if (character == "'" || character == "\""), current.text.allSatisfy(\.isWhitespace) {
        (quote, current.text, current.isQuoted) = (character, "", true)
      } else if character == "," {
        parts.append(finished(current))
        current = Argument(text: "", isQuoted: false)
      } else if character == "=", current.name == nil, !current.isQuoted {
        current.name = finished(current).text
        current.text = ""
      } else if !(current.isQuoted && character.isWhitespace) {
        current.text.append(character)
      }
    }
    parts.append(finished(current))
    return parts
  }
}
