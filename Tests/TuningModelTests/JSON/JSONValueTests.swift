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

  @Test(
    "Text that is almost JSON is refused",
    arguments: [
      "01", "-", "+1", "1.", ".5", "1e", "1e+", "0x1", "-Infinity", "[1,]", "[1 2]", "[,1]", "{\"a\"}", "{\"a\":}",
      "{\"a\":1,}", "{1:2}", "\"", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u12G4\"", "\"\\ud800\"", "\"\\ud800\\u0041\"",
      "\"\\udc00\"", "\"a\nb\"", "tru", "True", "[1]]", "/**/1", "{\"a\":1,\"a\":2}", "-1e400", "\u{FEFF}",
    ])
  func almost(text: String) {
    #expect(throws: JSONSyntaxError.self) { try JSONValue(text: text) }
  }

  @Test(
    "Strings that are not UTF-8 are refused",
    arguments: [[0x80], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xC3], [0x5C, 0x6E, 0xC3]])
  func notUTF8(bytes: [UInt8]) {
    #expect(throws: JSONSyntaxError.self) { try JSONValue(text: [0x22] + bytes + [0x22]) }
  }

  @Test("Every escape is understood, surrogate pairs too, and a byte order mark is passed over")
  func escapes() throws {
    let text = "\u{FEFF} \"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\u00e9\\uD83D\\ude00 é😀\\u007f\" "
    #expect(try JSONValue(text: text) == "\"\\/\u{8}\u{C}\n\r\t\0é😀 é😀\u{7F}")
  }

  @Test(
    "Numbers of every form are read to the last bit",
    arguments: [
      ("0", 0), ("-0", -0.0), ("123456789012345", 123456789012345), ("9007199254740993", 9007199254740992),
      ("-1.5e-3", -0.0015), ("1E+2", 100), ("0.1", 0.1), ("1e-400", 0),
      ("4.9406564584124654e-324", .leastNonzeroMagnitude),
      ("123456789012345678901234567890", 1.2345678901234568e29),
    ])
  func numberForms(text: String, value: Double) throws {
    guard case .number(let read) = try JSONValue(text: text) else {
      Issue.record("not a number")
      return
    }
    #expect(read.bitPattern == value.bitPattern)
  }

  @Test("A mistake is told with its line and column")
  func place() {
    let error = #expect(throws: JSONSyntaxError.self) { try JSONValue(text: "{\n  \"a\": 1,\n  \"b\": x\n}") }
    #expect(error?.detail == "Line 3, column 8: Expected a value, not \"x\".")
    let end = #expect(throws: JSONSyntaxError.self) { try JSONValue(text: "[1") }
    #expect(end?.detail == "Line 1, column 3: Ends where \",\" or \"]\" is expected.")
  }

  @Test("Nesting of 512 levels is followed")
  func deepest() throws {
    _ = try JSONValue(text: String(repeating: "[", count: 512) + String(repeating: "]", count: 512))
  }

  @Test("Pointers escape what RFC 6901 says")
  func pointers() {
    #expect(jsonPointer("/a", "b/c~d") == "/a/b~1c~0d")
    #expect(jsonPointer("", 3) == "/3")
  }

  @Test(
    "A whole number that is too large is of the right form, and told its bounds",
    arguments: [1e20, -1e20, 9_007_199_254_740_994, 5])
  func wholeNumberOutOfBounds(number: Double) throws {
    let refused = #expect(throws: InvalidInput.self) {
      try JSONReader.read(.number(number)) { $0.integer(in: 6...Int.exactRange.upperBound) }
    }
    let mistake = try #require(refused?.mistakes.first)
    #expect(mistake.kind == .meaning)
    #expect(mistake.detail.hasPrefix("Must be between 6 and 9007199254740992, not "))
  }

  @Test("A pointer escapes every tilde and slash, also below a combining mark")
  func pointersByScalars() {
    #expect(jsonPointer("/a", "b~c/d") == "/a/b~0c~1d")
    #expect(jsonPointer("", "/\u{301}~\u{301}").unicodeScalars.elementsEqual("/~1\u{301}~0\u{301}".unicodeScalars))
  }
}
