import Testing
import TuningModel

@Suite("JSON values")
struct JSONValueTests {
  @Test("Text of every kind of value is read and written back")
  func roundTrip() throws {
    let text = #"{"a":[1,-2.5,1e+300,true,null,"x\"\\/é☃"],"b":{}}"#
    let value = try JSONValue(text: text)
    #expect(value["a"] == [1, -2.5, 1e300, true, .null, "x\"\\/é☃"])
    #expect(try JSONValue(text: value.text) == value)
  }

  @Test(
    "Doubles survive to the last bit",
    arguments: [0.1, 1e-300, .pi, 2.2250738585072014e-308, 1.7976931348623157e308, -0.0, 9007199254740991])
  func doubles(number: Double) throws {
    guard case .number(let read) = try JSONValue(text: JSONValue.number(number).text) else {
      Issue.record("not a number")
      return
    }
    #expect(read == number)
  }

  @Test("Whole numbers are written without a fraction")
  func wholeNumbers() {
    #expect(JSONValue.integer(17).text == "17")
    #expect(JSONValue.number(8).text == "8")
  }

  @Test("Numbers that JSON lacks are written as strings")
  func nonFinite() {
    #expect(
      JSONValue.array([.number(.nan), .number(.infinity), .number(-.infinity)]).text
        == #"["NaN","Infinity","-Infinity"]"#)
  }

  @Test(
    "What is not JSON is refused",
    arguments: ["", "{", "{'a': 1}", "nul", "1 2", "{\"a\": NaN}", "\u{0}", "1e999"])
  func syntax(text: String) {
    #expect(throws: JSONSyntaxError.self) { try JSONValue(text: text) }
  }

  @Test("Nesting without end is refused, not followed")
  func depth() {
    let text = String(repeating: "[", count: 100_000)
    #expect(throws: JSONSyntaxError.self) { try JSONValue(text: text) }
    let closed = String(repeating: "[", count: 5_000) + String(repeating: "]", count: 5_000)
    #expect(throws: JSONSyntaxError.self) { try JSONValue(text: closed) }
  }

  @Test("Pointers escape what RFC 6901 says")
  func pointers() {
    #expect(jsonPointer("/a", "b/c~d") == "/a/b~1c~0d")
    #expect(jsonPointer("", 3) == "/3")
  }
}
