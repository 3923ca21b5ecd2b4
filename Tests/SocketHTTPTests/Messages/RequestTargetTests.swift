import SocketHTTP
import Testing

@Suite struct RequestTargetTests {
  @Test(
    "A path is split before it is decoded",
    arguments: [
      ("/", []), ("/a/b", ["a", "b"]), ("/a/", ["a", ""]), ("//a", ["", "a"]), ("/a%2Fb/%C3%A9", ["a/b", "é"]),
      ("/a+b", ["a+b"]), ("/%2e%2e/x", ["..", "x"]), ("/a?b/c", ["a"]),
    ] as [(String, [String])])
  func segments(raw: String, segments: [String]) throws {
    #expect(try RequestTarget(raw).segments == segments)
  }

  @Test("A query is decoded pair by pair")
  func query() throws {
    let query = try RequestTarget("/?a=1&b=x+y%26z&a=2&flag&=v&&c==").query
    #expect(query["a"] == "1")
    #expect(query.values(of: "a") == ["1", "2"])
    #expect(query["b"] == "x y&z")
    #expect(query["flag"] == "")
    #expect(query["c"] == "=")
    #expect(query["d"] == nil)
    #expect(query.items.count == 6)
  }

  @Test("An absolute target gives the authority, which overrides Host")
  func absolute() throws {
    let target = try RequestTarget("HTTP://example.com:8080/a?b=c")
    #expect(target.authority == "example.com:8080")
    #expect(target.segments == ["a"])
    #expect(try RequestTarget("http://h?x=1").query["x"] == "1")
    #expect(HTTPRequest(.get, target, headers: ["Host": "other"]).authority == "example.com:8080")
  }

  @Test("An asterisk is for OPTIONS alone")
  func asterisk() throws {
    #expect(try RequestTarget("*", method: .options).segments == ["*"])
    #expect(throws: HTTPError.malformedTarget) { try RequestTarget("*") }
  }

  @Test(
    "Targets of no known form are refused",
    arguments: ["a", "ftp://h/", "http:///a", "http://u@h/", "/a#b", "/a b", "/é", "", "?a", "http://"])
  func malformed(raw: String) {
    #expect(throws: HTTPError.malformedTarget) { try RequestTarget(raw) }
  }

  @Test(
    "Escapes that are not hexadecimal, not UTF-8 or NUL are refused",
    arguments: ["/%", "/%4", "/%zz", "/%ff", "/%C3", "/%00", "/?a=%", "/?%ff=1", "/%+1", "/%ED%A0%80"])
  func malformedEscape(raw: String) {
    #expect(throws: HTTPError.malformedPercentEncoding) { try RequestTarget(raw) }
  }
}
