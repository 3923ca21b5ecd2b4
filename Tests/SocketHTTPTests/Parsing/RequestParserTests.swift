import SocketHTTP
import Testing

@Suite struct RequestParserTests {
  @Test("A request line and its fields are read")
  func head() throws {
    let outcome = ParserOutcome.of("PUT /a%20b?x=1 HTTP/1.1\r\nHost: h:1\r\nX-Y:  two words \r\n\r\n")
    let request = try #require(outcome.requests.first)
    #expect(request.method == .put)
    #expect(request.segments == ["a b"])
    #expect(request.query["x"] == "1")
    #expect(request.headers["x-y"] == "two words")
    #expect(request.authority == "h:1")
    #expect(outcome.requests.count == 1 && outcome.error == nil)
  }

  @Test(
    "A request is the same wherever its bytes are split",
    arguments: [
      "GET / HTTP/1.1\r\nHost: h\r\n\r\n",
      "\r\nPOST /é%C3%A9 HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello".replacing("é", with: ""),
      "POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n1\r\n!\r\n0\r\nT: v\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nabGET /next HTTP/1.1\r\nHost: h\r\n\r\n",
    ])
  func splits(text: String) {
    let bytes = Array(text.utf8)
    let whole = ParserOutcome.of(bytes)
    #expect(!whole.requests.isEmpty && whole.error == nil)
    for split in 1..<bytes.count {
      #expect(ParserOutcome.of(bytes, splitAt: [split]) == whole)
    }
    #expect(ParserOutcome.of(bytes, splitAt: Array(1..<bytes.count)) == whole)
  }

  @Test("Requests sent ahead come out one after the other")
  func pipelining() {
    let one = "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"
    let outcome = ParserOutcome.of(String(repeating: one, count: 50))
    #expect(outcome.requests.count == 50)
    #expect(outcome.requests.allSatisfy { $0.body == Array("abc".utf8) })
  }

  @Test("Every byte is examined once, even when they come singly")
  func linearTime() throws {
    var limits = HTTPLimits()
    (limits.headBytes, limits.requestLineBytes) = (1 << 20, 1 << 20)
    var parser = RequestParser(limits: limits, remoteAddress: SocketAddress(host: "", port: 0))
    let bytes = Array("GET /\(String(repeating: "a", count: 100_000)) HTTP/1.1\r\nHost: h\r\n".utf8)
    for byte in bytes {
      parser.feed([byte])
      _ = try parser.next()
    }
    #expect(parser.examinedBytes == bytes.count)
  }

  @Test("100 Continue is asked for once, and only by a client that has not begun its body")
  func expectation() throws {
    let head = Array("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n".utf8)
    var waiting = RequestParser(limits: .init(), remoteAddress: SocketAddress(host: "", port: 0))
    waiting.feed(head[...])
    guard case .expectsContinue = try waiting.next() else {
      Issue.record("not asked for")
      return
    }
    guard case .needsMoreBytes = try waiting.next() else {
      Issue.record("asked for twice")
      return
    }
    var sending = RequestParser(limits: .init(), remoteAddress: SocketAddress(host: "", port: 0))
    sending.feed((head + Array("ab".utf8))[...])
    guard case .needsMoreBytes = try sending.next() else {
      Issue.record("asked for although the body has begun")
      return
    }
  }

  @Test("A connection stays open over HTTP/1.1 unless the client closes it, and never over HTTP/1.0")
  func keepAlive() {
    #expect(ParserOutcome.of("GET / HTTP/1.1\r\nHost: h\r\n\r\n").keepsAlive == [true])
    #expect(ParserOutcome.of("GET / HTTP/1.1\r\nHost: h\r\nConnection: x, Close\r\n\r\n").keepsAlive == [false])
    #expect(ParserOutcome.of("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").keepsAlive == [false])
  }

  @Test("A field value that is not UTF-8 is read as ISO 8859-1")
  func latinField() {
    let bytes = Array("GET / HTTP/1.1\r\nHost: h\r\nX: ".utf8) + [0xE9] + Array("\r\n\r\n".utf8)
    #expect(ParserOutcome.of(bytes).requests.first?.headers["X"] == "é")
  }

  @Test("A later minor version is served as HTTP/1.1")
  func minorVersion() {
    #expect(ParserOutcome.of("GET / HTTP/1.7\r\nHost: h\r\n\r\n").requests.first?.version == .http11)
  }

  @Test("Content-Length fields of equal value are refused too")
  func repeatedLength() {
    let text = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na"
    #expect(ParserOutcome.of(text).error == .malformedContentLength)
  }
}
