import Testing
import TuningModel

@Suite("Reading parameter values")
struct ParameterValuesTests {
  func space() throws -> SearchSpace {
    try SearchSpace(
      [
        Parameter("lr", .float(FloatDomain(1e-5, 0.1, scale: .log))),
        Parameter("grid", .float(FloatDomain(0, 1, step: 0.1))),
        Parameter("n", .int(IntDomain(0, 10, step: 2))),
        Parameter("opt", .categorical([.string("sgd"), .string("adam")])),
        Parameter("momentum", .float(FloatDomain(0, 1)), when: Condition("opt", isOneOf: [.string("sgd")])),
        Parameter("w", .float(FloatDomain(-1, 1, size: 2))),
      ], constraints: [LinearConstraint(parsing: "n + 10 * grid <= 15", names: ["n", "grid"])])
  }

  func mistakes(_ text: String) throws -> [String] {
    do {
      _ = try space().values(JSONValue(text: text))
      return []
    } catch let error as InvalidInput {
      return error.mistakes.map(\.pointer)
    }
  }

  @Test("Values become canonical: 0.3 is a level of step 0.1, 4.0 a whole number")
  func canonical() throws {
    let values = try space().values(
      ["lr": 0.001, "grid": 0.3, "n": 4.0, "opt": "sgd", "momentum": 1, "w": [0, 1]])
    #expect(values["n"] == .int(4))
    #expect(values["momentum"] == .float(1))
    #expect(values["w"] == .vector([0, 1]))
    #expect(values["grid"] == Domain.float(FloatDomain(0, 1, step: 0.1)).value(atLevel: 3))
  }

  @Test("Unknown, missing, inactive and foreign values are each named")
  func everyMistake() throws {
    #expect(
      try mistakes(#"{"lr": 1, "grid": 0.35, "n": 3, "opt": "rms", "w": [0], "x": 1}"#)
        == ["/grid", "/lr", "/n", "/opt", "/w", "/x"])
    #expect(
      try mistakes(#"{"lr": 0.01, "grid": 0, "n": 2, "opt": "adam", "momentum": 0.5, "w": [0, 0]}"#) == ["/momentum"])
    #expect(try mistakes(#"{"lr": 0.01, "grid": 0, "opt": "sgd", "w": [0, 0]}"#).sorted() == ["/momentum", "/n"])
    #expect(try mistakes("[1]") == [""])
  }

  @Test("A violated constraint is refused")
  func violatedConstraint() throws {
    #expect(try mistakes(#"{"lr": 0.01, "grid": 1, "n": 10, "opt": "adam", "w": [0, 0]}"#) == [""])
  }
}
