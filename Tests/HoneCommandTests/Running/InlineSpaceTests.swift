import HoneCommand
import Testing
import TuningModel

struct InlineSpaceTests {
  private static func parameter(_ word: String) throws -> Parameter? { try InlineSpace([word]).parameters.first }

  @Test(
    "Each kind of declaration makes its domain",
    arguments: [
      ("{p~uniform(-1, 2.5)}", Domain.float(FloatDomain(-1, 2.5))),
      ("{p~uniform(0, 1, step=0.25)}", .float(FloatDomain(0, 1, step: 0.25))),
      ("{p~loguniform(1e-5,1e-1)}", .float(FloatDomain(1e-5, 0.1, scale: .log))),
      ("{p~int(1, 9, step=2)}", .int(IntDomain(1, 9, step: 2))),
      ("{p~logint(16, 1024)}", .int(IntDomain(16, 1_024, scale: .log))),
      ("{p~bool()}", .bool),
      ("{p~ordinal(32, 64)}", .ordinal([.int(32), .int(64)])),
      (
        #"{p~choice(sgd, adam w, "a, b", '3', 3, 0.5, true)}"#,
        .categorical([
          .string("sgd"), .string("adam w"), .string("a, b"), .string("3"), .int(3), .float(0.5), .bool(true),
        ])
      ),
    ])
  func domains(word: String, domain: Domain) throws {
    #expect(try Self.parameter(word) == Parameter("p", domain))
  }

  @Test("A default follows the values")
  func defaultValue() throws {
    #expect(try Self.parameter("{p~int(1, 8, default=2)}")?.defaultValue == .int(2))
    #expect(try Self.parameter("{p~choice(a, b, default=b)}")?.defaultValue == .string("b"))
  }

  @Test("Declarations become placeholders where they stand, and whole words options with their values")
  func words() throws {
    let space = try InlineSpace([
      "train", "--lr={lr~uniform(0, 1)}x{n~int(1, 2)}", "--momentum~uniform(0, 1)", "-k~bool()", "size~int(1, 3)",
      "{lr}",
    ])
    #expect(space.words == ["train", "--lr={lr}x{n}", "--momentum", "{momentum}", "-k", "{k}", "{size}", "{lr}"])
    #expect(space.parameters.map(\.name) == ["lr", "n", "momentum", "k", "size"])
  }

  @Test(
    "Words that declare nothing stay as they are",
    arguments: [
      "~/data", "a~b", "{x}", "{{x~uniform(0, 1)}}", "~uniform(0, 1)", "x~normal(0, 1)", "{x~uniform(0, 1}", "--", "",
    ])
  func otherWords(word: String) throws {
    let space = try InlineSpace([word])
    #expect(space.words == [word])
    #expect(space.parameters.isEmpty)
  }

  @Test(
    "A mistake in a declaration is said with its text",
    arguments: [
      "{p~uniform(0)}", "{p~uniform(a, b)}", "{p~int(0.5, 2)}", "{p~loguniform(1, 2, step=1)}", "{p~choice()}",
      "{p~choice(a,,b)}", "{p~bool(1)}", "{p~uniform(0, 1, prior=2)}", "{p~uniform(0, 1, step=x)}",
    ])
  func mistakes(word: String) throws {
    let error = #expect(throws: InlineSpace.Mistakes.self) { try InlineSpace([word]) }
    #expect(error?.sentences.count == 1)
    #expect(error?.sentences.first?.hasPrefix("p~") == true)
  }

  @Test("A parameter may be declared again only in the same way")
  func twice() throws {
    #expect(try InlineSpace(["{p~int(1, 2)}", "{p~int(1, 2)}"]).parameters.count == 1)
    #expect(throws: InlineSpace.Mistakes.self) { try InlineSpace(["{p~int(1, 2)}", "{p~int(1, 3)}"]) }
  }
}
