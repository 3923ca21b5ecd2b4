import Foundation
import SocketHTTP
import Testing

/// What a request that is refused gets, over a real connection.
@Suite(.timeLimit(.minutes(2))) struct FramingErrorTests {
  /// A request, or the beginning of one, and the status that must answer it.
  struct Probe: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let status: Int

    init(_ name: String, _ status: Int, _ text: String) {
      (self.name, self.status, bytes) = (name, status, Array(text.utf8))
    }

    init(_ name: String, _ status: Int, bytes: [UInt8]) {
      (self.name, self.status, self.bytes) = (name, status, bytes)
    }

    var testDescription: String { name }
  }

  private static let probes: [Probe] = [
    Probe("Content-Length twice", 400, post("Content-Length: 3\r\nContent-Length: 4\r\n")),
    Probe("Content-Length as a list", 400, post("Content-Length: 3, 3\r\n")),
    Probe("Content-Length with a plus", 400, post("Content-Length: +5\r\n")),
    Probe("negative Content-Length", 400, post("Content-Length: -5\r\n")),
    Probe("hexadecimal Content-Length", 400, post("Content-Length: 0x5\r\n")),
    Probe("empty Content-Length", 400, post("Content-Length: \r\n")),
    Probe("Content-Length past every integer", 413, post("Content-Length: 99999999999999999999\r\n")),
    Probe("Content-Length of 5 GB", 413, post("Content-Length: 5368709120\r\n")),
    Probe("Content-Length and Transfer-Encoding", 400, post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n")),
    Probe("unknown transfer coding", 501, post("Transfer-Encoding: gzip, chunked\r\n")),
    Probe("identity transfer coding", 501, post("Transfer-Encoding: identity\r\n")),
    Probe("chunked twice", 400, post("Transfer-Encoding: chunked, chunked\r\n")),
    Probe("chunked not last", 400, post("Transfer-Encoding: chunked, gzip\r\n")),
    Probe("empty Transfer-Encoding", 400, post("Transfer-Encoding: \r\n")),
    Probe("Transfer-Encoding over HTTP/1.0", 400, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"),
    Probe("chunk size of seventeen digits", 400, post("Transfer-Encoding: chunked\r\n") + "FFFFFFFFFFFFFFFFF\r\n"),
    Probe("chunk size of sixteen digits", 413, post("Transfer-Encoding: chunked\r\n") + "FFFFFFFFFFFFFFFF\r\n"),
    Probe("chunk without its line end", 400, post("Transfer-Encoding: chunked\r\n") + "1\r\nab"),
    Probe("endless chunk extension", 400, post("Transfer-Encoding: chunked\r\n") + "1;" + long(5_000)),
    Probe("endless trailer", 431, post("Transfer-Encoding: chunked\r\n") + "0\r\nT: " + long(5_000)),
    Probe("space before the colon", 400, get("X-A : b\r\n")),
    Probe("empty field name", 400, get(": b\r\n")),
    Probe("field without a colon", 400, get("X-A\r\n")),
    Probe("folded field", 400, get("X-A: b\r\n c\r\n")),
    Probe("NUL in a field", 400, get("X-A: \0")),
    Probe("control character in a field", 400, get("X-A: \u{1}")),
    Probe("CR within a field", 400, get("X-A: b\rc")),
    Probe("no Host", 400, "GET / HTTP/1.1\r\n\r\n"),
    Probe("Host twice", 400, "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"),
    Probe("Host with a path", 400, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
    Probe("bare LF after the request line", 400, "GET / HTTP/1.1\n"),
    Probe("bare LF after a field", 400, "GET / HTTP/1.1\r\nHost: h\n"),
    Probe("TLS hello", 400, bytes: [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00]),
    Probe("NUL bytes", 400, bytes: [0, 0, 0, 0]),
    Probe("bytes beyond ASCII", 400, bytes: [0x47, 0xFF, 0xFE, 0xFD]),
    Probe("HTTP/9.9", 505, "GET / HTTP/9.9\r\nHost: h\r\n\r\n"),
    Probe("HTTP/2 preface", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    Probe("lower-case version", 400, "GET / http/1.1\r\n\r\n"),
    Probe("no version", 400, "GET /\r\n"),
    Probe("two spaces", 400, "GET  / HTTP/1.1\r\n"),
    Probe("space before the method", 400, " "),
    Probe("method that is no token", 400, "G(T / HTTP/1.1\r\n"),
    Probe("space in the target", 400, "GET /a b HTTP/1.1\r\n"),
    Probe("fragment in the target", 400, "GET /a#b HTTP/1.1\r\n"),
    Probe("target that is no path", 400, "GET a HTTP/1.1\r\n"),
    Probe("asterisk for GET", 400, "GET * HTTP/1.1\r\n"),
    Probe("CONNECT", 501, "CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n"),
    Probe("incomplete escape", 400, "GET /%4 HTTP/1.1\r\n"),
    Probe("escape that is not hexadecimal", 400, "GET /%zz HTTP/1.1\r\n"),
    Probe("path that is not UTF-8", 400, "GET /%ff%fe HTTP/1.1\r\n"),
    Probe("query that is not UTF-8", 400, "GET /?a=%ff HTTP/1.1\r\n"),
    Probe("endless request line", 414, "GET /" + long(20_000)),
    Probe("endless field", 431, get("X: " + long(20_000))),
    Probe("endless field name", 431, get(long(20_000))),
    Probe("endless empty lines", 431, String(repeating: "\r\n", count: 10_000)),
    Probe("101 fields", 431, get(String(repeating: "A: b\r\n", count: 101))),
    Probe("unknown expectation", 417, post("Expect: 200-ok\r\nContent-Length: 1\r\n")),
    Probe("expectation of too large a body", 413, post("Expect: 100-continue\r\nContent-Length: 2000000\r\n")),
  ]

  @Test("A request that cannot be understood gets one answer at once, and the connection closes", arguments: probes)
  func probe(_ probe: Probe) async throws {
    // With deadlines of an hour an answer cannot come from one of them.
    let text = try await withServer({
      $0.deadlines.head = .seconds(3600); $0.deadlines.body = .seconds(3600)
    }) {
      let client = try RawClient($0)
      try client.send(probe.bytes)
      return try client.readToEnd()
    }
    #expect(text.hasPrefix("HTTP/1.1 \(HTTPStatus(probe.status))\r\n"), "\(text)")
    #expect(text.contains("\r\nConnection: close\r\n"))
    #expect(text.components(separatedBy: "\r\nDate: ").count == 2, "more than one answer: \(text)")
  }

  @Test(
    "What follows a body over the limit is not taken for a request, and the answer is not lost",
    arguments: [
      "Content-Length: 2200000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n2191C0\r\n",
    ])
  func oversizedBody(framing: String) async throws {
    let served = Announcement<String>()
    let text = try await withServer(handler: { request in
      served(request.target.raw)
      return HTTPResponse()
    }) { address in
      let client = try RawClient(address)
      try client.send("POST /large HTTP/1.1\r\nHost: h\r\n" + framing)
      // The client sends on without reading, as far as the server lets it.
      let smuggled = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n"
      try client.send(String(repeating: smuggled, count: 2_200_000 / smuggled.utf8.count))
      client.finishSending()
      let text = try client.readToEnd()
      _ = try RawClient(address).exchange("GET /after HTTP/1.1\r\nHost: h\r\n\r\n")
      return text
    }
    #expect(text.hasPrefix("HTTP/1.1 413 "))
    #expect(await served.next() == "/after")
  }

  @Test(
    "A client that stops in the middle of a request is told so",
    arguments: [
      "GET / HT", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab",
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    ])
  func incomplete(text: String) async throws {
    let answer = try await withServer { address in
      let client = try RawClient(address)
      try client.send(text)
      client.finishSending()
      return try client.readToEnd()
    }
    #expect(answer.hasPrefix("HTTP/1.1 400 "))
  }

  @Test("The caller renders refusals and hears of them")
  func rendering() async throws {
    let exchanges = Announcement<HTTPExchange>()
    let response = try await withServer({
      $0.renderError = { error in
        HTTPResponse(
          error.status, headers: ["Content-Type": "application/problem+json"],
          body: .bytes(Array("{\"code\":\"\(error.code)\"}".utf8)))
      }
      $0.onExchange = { exchanges($0) }
    }) { try RawClient($0).exchange("GET /x HTTP/1.1\r\n\r\n") }
    #expect(response["Content-Type"] == "application/problem+json")
    #expect(response.text == "{\"code\":\"missing_host\"}")
    let exchange = await exchanges.next()
    #expect(exchange.outcome == .rejected(.missingHost))
    #expect(exchange.method == .get && exchange.target == "/x" && exchange.status == .badRequest)
  }

  @Test(
    "A rendered refusal that cannot be sent is replaced by a plain one",
    arguments: [
      HTTPResponse(headers: ["X": "\r\n"]), HTTPResponse(body: .stream { _ in }),
    ])
  func unsendableRefusal(response: HTTPResponse) async throws {
    let answer = try await withServer({ $0.renderError = { _ in response } }) {
      try RawClient($0).exchange("GET /x HTTP/1.1\r\n\r\n")
    }
    #expect(answer.status == 400)
    #expect(answer.text.contains("Host"))
  }

  @Test("A response with a line break in a field is answered 500 instead")
  func injection() async throws {
    let exchanges = Announcement<HTTPExchange>()
    let response = try await withServer(
      { $0.onExchange = { exchanges($0) } },
      handler: { _ in HTTPResponse(headers: ["Location": "/a\r\nSet-Cookie: b"]) }
    ) { try RawClient($0).exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n") }
    #expect(response.status == 500)
    #expect(response["Set-Cookie"] == nil && response["Location"] == nil)
    #expect(await exchanges.next().outcome == .rejected(.invalidResponse("value of field Location")))
  }

  private static func get(_ fields: String) -> String { "GET / HTTP/1.1\r\nHost: h\r\n\(fields)" + "\r\n" }
  private static func post(_ fields: String) -> String { "POST / HTTP/1.1\r\nHost: h\r\n\(fields)\r\n" }
  private static func long(_ count: Int) -> String { String(repeating: "a", count: count) }
}
