import HoneCommand
import Testing
import TuningModel

struct CommandTemplateTests {
  private static func space() throws -> SearchSpace {
    try SearchSpace([
      Parameter("lr", .float(FloatDomain(0, 1))),
      Parameter("layers", .int(IntDomain(1, 8))),
      Parameter("optimizer", .categorical([.string("sgd"), .string("adam; rm -rf /")])),
      Parameter("momentum", .float(FloatDomain(0, 1)), when: Condition("optimizer", isOneOf: [.string("sgd")])),
      Parameter("weights", .float(FloatDomain(0, 1, size: 2))),
    ])
  }

  private static let all: Parameters = [
    "lr": .float(1e-5), "layers": .int(3), "optimizer": .string("sgd"), "momentum": .float(0.5),
    "weights": .vector([0.25, 1]),
  ]

  private static func fill(_ arguments: [String], _ parameters: Parameters = all) throws -> [String] {
    try CommandTemplate(arguments, for: space()).filled(with: parameters, trial: 7, parametersFile: "/tmp/p.json")
  }

  private static func mistakes(_ arguments: [String]) throws -> [String] {
    let space = try space()
    do throws(CommandTemplate.Mistakes) {
      _ = try CommandTemplate(arguments, for: space)
      return []
    } catch {
      return error.sentences
    }
  }

  private static var withoutMomentum: Parameters {
    var parameters = all
    parameters["optimizer"] = .string("adam; rm -rf /")
    parameters["momentum"] = nil
    return parameters
  }

  @Test("Placeholders are replaced wherever they stand in an argument")
  func replacement() throws {
    let filled = try Self.fill(["train", "--lr={lr}", "{layers}x{layers}", "{weights}", "{params_file}", "t{trial}"])
    #expect(filled == ["train", "--lr=1e-05", "3x3", "0.25,1.0", "/tmp/p.json", "t7"])
  }

  @Test("Doubled braces are braces")
  func literalBraces() throws {
    #expect(try Self.fill(["p", "{{\"lr\": {lr}}}", "{{lr}}"]) == ["p", "{\"lr\": 1e-05}", "{lr}"])
  }

  @Test("A value with spaces and shell characters stays one argument, and braces in it are not read again")
  func noSecondReading() throws {
    #expect(try Self.fill(["p", "{optimizer}"], Self.withoutMomentum) == ["p", "adam; rm -rf /"])
    let space = try SearchSpace([Parameter("a", .categorical([.string("{trial}"), .string("x")]))])
    let template = try CommandTemplate(["p", "{a}"], for: space)
    #expect(template.filled(with: ["a": .string("{trial}")], trial: 1, parametersFile: "") == ["p", "{trial}"])
  }

  @Test("An empty argument stays")
  func emptyArgument() throws {
    #expect(try Self.fill(["p", "", "{lr}"]) == ["p", "", "1e-05"])
  }

  @Test("An argument with an inactive parameter is dropped, and the option before it where the value stands alone")
  func inactive() throws {
    let parameters = Self.withoutMomentum
    #expect(try Self.fill(["p", "--momentum", "{momentum}", "-v"], parameters) == ["p", "-v"])
    #expect(try Self.fill(["p", "--momentum={momentum}", "-v"], parameters) == ["p", "-v"])
    #expect(try Self.fill(["p", "-o", "m={momentum}"], parameters) == ["p", "-o"])
    #expect(try Self.fill(["p", "-m", "{momentum}", "{momentum}"], parameters) == ["p"])
    #expect(try Self.fill(["p", "-m", "{momentum}"]) == ["p", "-m", "0.5"])
  }

  @Test(
    "What is no option is kept before a dropped value",
    arguments: ["sub", "-", "--", "--lr={lr}"])
  func keptBeforeDropped(argument: String) throws {
    #expect(try Self.fill(["p", argument, "{momentum}"], Self.withoutMomentum).count == 2)
  }

  @Test("The program itself is never dropped as an option")
  func programIsKept() throws {
    #expect(try Self.fill(["-p", "{momentum}"], Self.withoutMomentum) == ["-p"])
  }

  @Test("A name in braces that nobody knows is a mistake", arguments: ["{rate}", "${HOME}", "{LR}", "{lr}{2}"])
  func unknownName(argument: String) throws {
    #expect(try Self.mistakes(["p", argument]).count == 1)
  }

  @Test(
    "Braces that enclose no name are braces",
    arguments: ["{}", "{", "}", "{ lr }", "a}b{", "{lr", "lr}", "BEGIN { x = \"{\" }", "{\"lr\": 1}"])
  func otherBraces(argument: String) throws {
    #expect(try Self.fill(["p", argument]) == ["p", argument])
  }

  @Test("Every mistake is named")
  func everyMistake() throws {
    let mistakes = try Self.mistakes(["p", "{rate}", "{size}"])
    #expect(mistakes.count == 2)
    #expect(mistakes.first?.contains("{rate}") == true)
    #expect(mistakes.first?.contains("{layers}") == true)
  }

  @Test("A program that some trials lack is refused, and so is none at all")
  func missingProgram() throws {
    #expect(try Self.mistakes(["{momentum}"]).count == 1)
    #expect(try Self.mistakes([]).count == 1)
    #expect(try Self.mistakes(["{optimizer}"]).isEmpty)
  }

  @Test("A parameter named like a placeholder of Hone is not guessed at")
  func reservedName() throws {
    let space = try SearchSpace([Parameter("trial", .int(IntDomain(1, 2)))])
    #expect(throws: CommandTemplate.Mistakes.self) { try CommandTemplate(["p", "{trial}"], for: space) }
    #expect(throws: Never.self) { try CommandTemplate(["p", "{params_file}"], for: space) }
  }
}
