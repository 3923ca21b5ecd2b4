import SocketHTTP
import Testing

@Suite struct HTTPHeadersTests {
  @Test("Names compare without regard to case")
  func names() {
    var headers: HTTPHeaders = ["ETag": "1", "X": "a", "x": "b"]
    #expect(headers["etag"] == "1")
    #expect(headers.values(of: "X") == ["a", "b"])
    headers["X"] = "c"
    #expect(headers.values(of: "x") == ["c"])
    headers["etag"] = nil
    #expect(headers.fields.count == 1)
  }

  @Test("A list is joined over fields and trimmed")
  func lists() {
    let headers: HTTPHeaders = ["If-Match": " \"a\" ,, \"b\"", "if-match": "\t\"c\""]
    #expect(headers.list(of: "If-Match") == ["\"a\"", "\"b\"", "\"c\""])
    #expect(headers.list(of: "Other").isEmpty)
  }
}
