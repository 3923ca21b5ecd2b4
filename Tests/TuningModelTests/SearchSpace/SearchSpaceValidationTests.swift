import Testing
import TuningModel

@Suite("Validation of search spaces")
struct SearchSpaceValidationTests {
  /// The mistakes in a study whose parameters and constraints are given as JSON text.
  func mistakes(_ parameters: String, constraints: String = "[]") throws -> [InputMistake] {
    let text = """
      {"name": "s", "parameters": \(parameters), "parameter_constraints": \(constraints),
       "objectives": [{"metric": "loss", "goal": "minimize"}]}
      """
    do {
      _ = try StudyDefinition(JSONValue(text: text))
      return []
    } catch let error as InvalidInput {
      return error.mistakes
    }
  }

  @Test(
    "One mistake is found where it is",
    arguments: [
      (#"[]"#, "/parameters"),
      (#"[{"name": "x", "type": "float", "low": 2, "high": 1}]"#, "/parameters/0/low"),
      (#"[{"name": "x", "type": "float", "low": 0, "high": 1, "log": true}]"#, "/parameters/0/low"),
      (#"[{"name": "x", "type": "float", "low": 0, "high": 1, "step": 0}]"#, "/parameters/0/step"),
      (#"[{"name": "x", "type": "float", "low": 0, "high": 1, "size": 0}]"#, "/parameters/0/size"),
      (#"[{"name": "x", "type": "float", "low": 0}]"#, "/parameters/0/high"),
      (#"[{"name": "x", "type": "float", "low": "0", "high": 1}]"#, "/parameters/0/low"),
      (#"[{"name": "x", "type": "int", "low": 0.5, "high": 1}]"#, "/parameters/0/low"),
      (#"[{"name": "x", "type": "int", "low": 0, "high": 1, "step": -1}]"#, "/parameters/0/step"),
      (#"[{"name": "x", "type": "int", "low": 0, "high": 9, "log": true}]"#, "/parameters/0/low"),
      (#"[{"name": "x", "type": "complex"}]"#, "/parameters/0/type"),
      (#"[{"name": "x", "type": "bool", "low": 1}]"#, "/parameters/0/low"),
      (#"[{"name": "x y", "type": "bool"}]"#, "/parameters/0/name"),
      (#"[{"type": "bool"}]"#, "/parameters/0/name"),
      (#"[{"name": "x", "type": "bool"}, {"name": "x", "type": "bool"}]"#, "/parameters/1/name"),
      (#"[{"name": "x", "type": "categorical", "choices": []}]"#, "/parameters/0/choices"),
      (#"[{"name": "x", "type": "categorical", "choices": ["a", "a"]}]"#, "/parameters/0/choices/1"),
      (#"[{"name": "x", "type": "categorical", "choices": ["a", null]}]"#, "/parameters/0/choices/1"),
      (#"[{"name": "x", "type": "ordinal", "values": [1, [2]]}]"#, "/parameters/0/values/1"),
      (#"[{"name": "x", "type": "float", "low": 0, "high": 1, "default": 2}]"#, "/parameters/0/default"),
      (#"[{"name": "x", "type": "bool", "default": 1}]"#, "/parameters/0/default"),
      (#"[{"name": "x", "type": "bool", "when": {"y": [true]}}]"#, "/parameters/0/when/y"),
      (#"[{"name": "x", "type": "bool", "when": {"x": [true]}}]"#, "/parameters/0/when"),
      (
        #"[{"name": "x", "type": "bool"}, {"name": "y", "type": "bool", "when": {"x": [1]}}]"#,
        "/parameters/1/when/x/0"
      ),
      (
        #"[{"name": "x", "type": "float", "low": 0, "high": 1}, {"name": "y", "type": "bool", "when": {"x": [1]}}]"#,
        "/parameters/1/when/x"
      ),
    ])
  func oneMistake(parameters: String, pointer: String) throws {
    #expect(try mistakes(parameters).map(\.pointer) == [pointer])
  }

  @Test("All mistakes are listed together")
  func allMistakes() throws {
    let found = try mistakes(
      """
      [{"name": "a", "type": "float", "low": 3, "high": 1, "default": 7},
       {"name": "b", "type": "nonsense"},
       {"name": "c", "type": "int", "low": 1, "high": 2, "colour": "red"},
       {"name": "?", "type": "bool"}]
      """)
    #expect(
      found.map(\.pointer).sorted() == [
        "/parameters/0/low", "/parameters/1/type", "/parameters/2/colour",
        "/parameters/3/name",
      ])
  }

  @Test("Parameters that activate each other are refused by name")
  func cycle() throws {
    let found = try mistakes(
      """
      [{"name": "a", "type": "bool", "when": {"b": [true]}}, {"name": "b", "type": "bool", "when": {"a": [true]}},
       {"name": "c", "type": "bool"}]
      """)
    #expect(found.map(\.pointer) == ["/parameters/0/when", "/parameters/1/when"])
  }

  @Test(
    "Constraints are refused with their place",
    arguments: [
      (#"["x + y <= 1"]"#, "/parameter_constraints/0"), (#"["x <= 3", "x * x <= 1"]"#, "/parameter_constraints/1"),
      (#"["x <= -1"]"#, "/parameter_constraints/0"), (#"["x < 1"]"#, "/parameter_constraints/0"),
      (#"["flag <= 1"]"#, "/parameter_constraints/0"), (#"["x >= 0.6", "x <= 0.4"]"#, "/parameter_constraints"),
      (#"[3]"#, "/parameter_constraints/0"), (#"["x <= 1 <= 2"]"#, "/parameter_constraints/0"),
      (#"["1 <= 2"]"#, "/parameter_constraints/0"),
    ])
  func constraints(constraints: String, pointer: String) throws {
    let parameters = #"[{"name": "x", "type": "float", "low": 0, "high": 1}, {"name": "flag", "type": "bool"}]"#
    #expect(try mistakes(parameters, constraints: constraints).map(\.pointer) == [pointer])
  }

  @Test("Integers that only fractions could satisfy are refused")
  func noWholeNumber() throws {
    let parameters = """
      [{"name": "a", "type": "int", "low": 0, "high": 1000000}, {"name": "b", "type": "int", "low": 0, "high": 1000000}]
      """
    let found = try mistakes(parameters, constraints: #"["2 * a <= 7", "2 * a >= 6.5"]"#)
    #expect(found.map(\.pointer) == ["/parameter_constraints"])
  }

  @Test("A default point that violates a constraint is refused")
  func defaultAgainstConstraint() throws {
    let parameters = #"[{"name": "x", "type": "float", "low": 0, "high": 1, "default": 0.9}]"#
    #expect(try mistakes(parameters, constraints: #"["x <= 0.5"]"#).map(\.pointer) == ["/parameter_constraints/0"])
  }

  @Test("The default point completes missing defaults with centres")
  func defaultPoint() throws {
    let space = try SearchSpace([
      Parameter("x", .float(FloatDomain(1, 100, scale: .log)), default: .float(3)),
      Parameter("y", .int(IntDomain(0, 10))),
      Parameter("z", .bool, when: Condition("y", isOneOf: [.int(0)])),
    ])
    #expect(space.defaultPoint == ["x": .float(3), "y": .int(5)])
  }
}

@Suite("Definitions that would take for ever")
struct ExpensiveDefinitionTests {
  @Test("A long chain of conditions, children first, is put in order")
  func longChain() throws {
    let count = 20_000
    let parameters = (0..<count).map { index in
      Parameter("p\(index)", .bool, when: index == count - 1 ? nil : Condition("p\(index + 1)", isOneOf: [.bool(true)]))
    }
    #expect(try SearchSpace(parameters).parentsFirst == Array((0..<count).reversed()))
  }

  @Test("Conditions that list the values of long parents over and over are refused")
  func longConditions() throws {
    let choices = (0..<5_000).map { ParameterValue.int($0) }
    let parameters = (0..<3).map { Parameter("p\($0)", .bool, when: Condition("parent", isOneOf: choices)) }
    #expect(throws: InvalidInput.self) { try SearchSpace([Parameter("parent", .categorical(choices))] + parameters) }
  }

  @Test("An unsatisfiable constraint below a parent with 2^48 levels is given up, not enumerated")
  func hugeParent() throws {
    let parent = Parameter("parent", .int(IntDomain(0, 1 << 47)))
    let levels = (0..<100).map { ParameterValue.int($0 * 1_000) }
    let child = Parameter("child", .int(IntDomain(0, 9)), when: Condition("parent", isOneOf: levels))
    let constraints = [
      LinearConstraint(["child": 2, "parent": 1e-20], atMost: 5.5), LinearConstraint(["child": -2], atMost: -6.5),
      LinearConstraint(["parent": -1], atMost: -1e15),
    ]
    #expect(throws: InvalidInput.self) { try SearchSpace([parent, child], constraints: constraints) }
  }

  @Test("More constraints, or more constrained parameters, than a search can handle are refused")
  func manyConstraints() throws {
    let parameters = (0..<300).map { Parameter("p\($0)", .float(FloatDomain(0, 1))) }
    let one = LinearConstraint(["p0": 1], atMost: 0.5)
    #expect(throws: InvalidInput.self) { try SearchSpace(parameters, constraints: Array(repeating: one, count: 101)) }
    let wide = LinearConstraint(Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, 1.0) }), atMost: 5)
    #expect(throws: InvalidInput.self) { try SearchSpace(parameters, constraints: [wide]) }
  }
}

@Suite("Definitions whose mistakes would fill the memory")
struct AmplifiedMistakeTests {
  @Test("A hundred mistakes are told and the others counted, none of them at length")
  func manyLongMistakes() throws {
    let long = String(repeating: "x", count: 100_000)
    let values = JSONValue.array(Array(repeating: 1, count: 5_000))
    let definition: JSONValue = [
      "name": "s", "objectives": [["metric": "loss", "goal": "minimize"]],
      "parameters": [
        ["name": "p", "type": "categorical", "choices": [.string(long)]],
        ["name": "q", "type": "bool", "when": ["p": values]],
        ["name": "r", "type": "bool", "when": .object([long: values])],
      ],
    ]
    let error = #expect(throws: InvalidInput.self) { try StudyDefinition(definition) }
    let mistakes = try #require(error?.mistakes)
    #expect(mistakes.count <= InvalidInput.limit + 1)
    #expect(mistakes.allSatisfy { $0.detail.utf8.count < 700 && $0.pointer.utf8.count < 300 })
  }

  @Test("A long constraint text is refused unread")
  func longConstraint() {
    let text = String(repeating: "a-", count: 500_000)
    #expect(throws: LinearConstraint.ParsingError.self) { try LinearConstraint(parsing: text, names: ["a"]) }
  }

  @Test("A chain of parents of a constrained parameter is not followed without end")
  func longAncestry() {
    let chain = (0..<2_000).map { index in
      Parameter(
        "p\(index)", .bool, when: index == 0 ? nil : Condition("p\(index - 1)", isOneOf: [.bool(true), .bool(false)]))
    }
    let last = Parameter("x", .int(IntDomain(0, 1)), when: Condition("p1999", isOneOf: [.bool(true), .bool(false)]))
    #expect(throws: InvalidInput.self) {
      try SearchSpace(chain + [last], constraints: [LinearConstraint(["x": -1], atMost: -2)])
    }
  }
}
