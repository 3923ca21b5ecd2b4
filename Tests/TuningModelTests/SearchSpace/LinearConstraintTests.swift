import Testing
import TuningModel

@Suite("Linear constraints")
struct LinearConstraintTests {
  let names: Set<String> = ["a", "b", "a-b", "layers", "1e"]

  @Test("Terms on both sides are gathered into coefficients and a bound")
  func gathersTerms() throws {
    let constraint = try LinearConstraint(parsing: "2 * layers + b*0.5 - 3 <= 140 - a + 1e-3", names: names)
    #expect(constraint.coefficients == ["layers": 2, "b": 0.5, "a": 1])
    #expect(constraint.bound == 143 + 1e-3)
  }

  @Test("A lower bound is turned round")
  func turnsLowerBound() throws {
    let constraint = try LinearConstraint(parsing: "a - 2*b >= -1", names: names)
    #expect(constraint.coefficients == ["a": -1, "b": 2])
    #expect(constraint.bound == 1)
  }

  @Test("A hyphen belongs to a name where the space has that name, else it is a minus")
  func hyphens() throws {
    #expect(try LinearConstraint(parsing: "a-b <= 1", names: names).coefficients == ["a-b": 1])
    #expect(try LinearConstraint(parsing: "a-b <= 1", names: ["a", "b"]).coefficients == ["a": 1, "b": -1])
    #expect(try LinearConstraint(parsing: "a-layers <= 1", names: names).coefficients == ["a": 1, "layers": -1])
  }

  @Test("The text made from coefficients is read back to the same constraint")
  func textRoundTrip() throws {
    let constraint = LinearConstraint(["a": -1.5, "b": 2], atMost: -3)
    let again = try LinearConstraint(parsing: constraint.text, names: names)
    #expect(again.coefficients == constraint.coefficients)
    #expect(again.bound == constraint.bound)
  }

  @Test(
    "What is not a linear constraint is refused",
    arguments: [
      "", "a", "a <=", "<= 1", "a b <= 1", "a * b <= 1", "a + <= 1", "c <= 1", "2 <= 3", "a <= 1e999", "a == 1",
      "a / 2 <= 1", "(a) <= 1", "a - a <= 1", "a <= 1 >= 0", "☃ <= 1",
    ])
  func refuses(text: String) {
    #expect(throws: LinearConstraint.ParsingError.self) { try LinearConstraint(parsing: text, names: names) }
  }

  @Test("A constraint does not apply while one of its parameters is inactive")
  func inactive() {
    #expect(LinearConstraint(["a": 1, "b": 1], atMost: 0).isSatisfied(by: ["a": .float(5)]))
  }
}
