package import TuningModel

/// A program and its arguments, with places that each trial fills with its own values.
///
/// In any argument `{name}` stands for the value of the parameter `name`, `{trial}` for the trial's number and
/// `{params_file}` for the path of a JSON file with all parameters. `{{` and `}}` stand for the braces themselves, and so
/// does a brace that encloses no name, as in `{ print $1 }`. Arguments are filled one by one and never read by a shell, so a value cannot become two arguments or a command.
package struct CommandTemplate: Hashable, Sendable {
  private let arguments: [Argument]

  private struct Argument: Hashable, Sendable {
    var pieces: [Piece]
    var text: String

    /// Whether it is nothing but the value of one parameter.
    var isLonePlaceholder: Bool {
      if pieces.count == 1, case .parameter = pieces[0] { true } else { false }
    }

    /// Whether it names an option whose value is the next argument.
    var isOption: Bool {
      text.hasPrefix("-") && !text.allSatisfy { $0 == "-" } && !text.contains("=")
    }

    func needsAbsent(_ parameters: Parameters) -> Bool {
      pieces.contains { if case .parameter(let name) = $0 { parameters[name] == nil } else { false } }
    }
  }

  private enum Piece: Hashable, Sendable {
    case text(String)
    case parameter(String)
    case trialNumber
    case parametersFile
  }

  /// What is wrong with a template, one sentence a mistake.
  package struct Mistakes: Error, Hashable, Sendable {
    /// The sentences; never empty.
    package var sentences: [String]
  }

  /// Reads a template for the trials of a space.
  ///
  /// - Throws: `Mistakes` when a placeholder is unknown, or the program itself may be missing.
  package init(_ texts: [String], for space: SearchSpace) throws(Mistakes) {
    var mistakes: [String] = []
    arguments = texts.map { text in
      Argument(pieces: Self.pieces(of: text, space, noting: &mistakes), text: text)
    }
    for case .parameter(let name) in arguments.first?.pieces ?? [] where space[name]?.condition != nil {
      mistakes.append("The program's name depends on {\(name)}, which some trials do not have.")
    }
    if arguments.isEmpty { mistakes.append("There is no program to run; name it after --.") }
    if !mistakes.isEmpty { throw Mistakes(sentences: mistakes) }
  }

  /// The program and the arguments of one trial.
  ///
  /// An argument with the value of a parameter that is inactive in this trial is left out; where that value is all it
  /// consists of, so is the option right before it.
  package func filled(with parameters: Parameters, trial: TrialNumber, parametersFile: String) -> [String] {
    var filled: [String] = []
    var lastIsDroppableOption = false
    for (index, argument) in arguments.enumerated() {
      if argument.needsAbsent(parameters) {
        if argument.isLonePlaceholder && lastIsDroppableOption { filled.removeLast() }
        lastIsDroppableOption = false
        continue
      }
      filled.append(
        argument.pieces.map { piece in
          switch piece {
          case .text(let text): text
          // Absent only where the argument is left out.
          case .parameter(let name): parameters[name]?.description ?? ""
          case .trialNumber: "\(trial)"
          case .parametersFile: parametersFile
          }
        }.joined())
      lastIsDroppableOption = index > 0 && argument.isOption
    }
    return filled
  }

  private static func pieces(of text: String, _ space: SearchSpace, noting mistakes: inout [String]) -> [Piece] {
    var pieces: [Piece] = []
    var literal = ""
    var rest = text[...]
    while let character = rest.popFirst() {
      if character == "{" || character == "}", rest.first == character {
        literal.append(character)
        rest.removeFirst()
      } else if character == "{", let name = Self.name(before: "}", in: rest) {
        if !literal.isEmpty { pieces.append(.text(literal)) }
        literal = ""
        rest = rest[name.endIndex...].dropFirst()
        switch piece(named: String(name), space) {
        case .success(let piece): pieces.append(piece)
        case .failure(let mistake): mistakes += mistake.sentences
        }
      } else {
        literal.append(character)
      }
    }
    if !literal.isEmpty || pieces.isEmpty { pieces.append(.text(literal)) }
    return pieces
  }

  /// The characters of a name up to an end, where there is nothing else before it.
  private static func name(before end: Character, in text: Substring) -> Substring? {
    let name = text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
    return !name.isEmpty && text[name.endIndex...].first == end ? name : nil
  }

  private static func piece(named name: String, _ space: SearchSpace) -> Result<Piece, Mistakes> {
    let reserved: [String: Piece] = ["trial": .trialNumber, "params_file": .parametersFile]
    func mistake(_ sentence: String) -> Result<Piece, Mistakes> { .failure(Mistakes(sentences: [sentence])) }
    switch (reserved[name], space[name]) {
    case (let piece?, nil): return .success(piece)
    case (nil, _?): return .success(.parameter(name))
    case (_?, _?):
      return mistake("{\(name)} has a meaning of its own; read the parameter of that name from {params_file}.")
    case (nil, nil):
      let known = (space.parameters.map(\.name) + ["trial", "params_file"]).map { "{\($0)}" }.joined(separator: ", ")
      return mistake("There is no placeholder {\(name)}; there are \(known). Write {{\(name)}} for the text itself.")
    }
  }
}
