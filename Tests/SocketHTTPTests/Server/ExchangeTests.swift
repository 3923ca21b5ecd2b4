import SocketHTTP
import Testing

@Suite(.timeLimit(.minutes(2))) struct ExchangeTests {
  @Test("A request is answered, and the connection serves the next one")
  func keepAlive() async throws {
    let texts = try await withServer { address in
      let client = try RawClient(address)
      return try (0..<3).map {
        try client.exchange("POST /a%2Fb/\($0) HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi").text
      }
    }
    #expect(texts == (0..<3).map { "POST a/b|\($0) hi" })
  }

  @Test("A response has a date, and the server's name when there is one")
  func fields() async throws {
    let response = try await withServer({ $0.serverName = "hone/1" }) {
      try RawClient($0).exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
    }
    #expect(response["Server"] == "hone/1")
    #expect(response["Date"]?.hasSuffix(" GMT") == true)
    #expect(response["Connection"] == nil)
  }

  @Test("Requests sent ahead are answered in order, whoever answers them")
  func pipelining() async throws {
    let texts = try await withServer({
      $0.immediate = { $0.segments.first == "now" ? .text(.ok, "at once \($0.segments[1])") : nil }
    }) { address in
      let client = try RawClient(address)
      let requests = (0..<200).map { "GET /\($0 % 3 == 0 ? "now" : "later")/\($0) HTTP/1.1\r\nHost: h\r\n\r\n" }
      try client.send(requests.joined())
      return try (0..<200).map { _ in try client.readResponse().text }
    }
    #expect(texts == (0..<200).map { $0 % 3 == 0 ? "at once \($0)" : "GET later|\($0) " })
  }

  @Test("A chunked body arrives whole, byte by byte")
  func chunked() async throws {
    let text = try await withServer { address in
      let client = try RawClient(address)
      let request = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x\r\nde\r\n0\r\n\r\n"
      for byte in request.utf8 { try client.send([byte]) }
      return try client.readResponse().text
    }
    #expect(text == "POST  abcde")
  }

  @Test("A client that waits for 100 Continue gets it, then its answer")
  func continues() async throws {
    let (interim, final) = try await withServer { address in
      let client = try RawClient(address)
      let interim = try client.exchange(
        "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
      return (interim.status, try client.exchange("ok").text)
    }
    #expect(interim == 100)
    #expect(final == "POST  ok")
  }

  @Test("HEAD is answered without a body, and the connection stays in step", arguments: [true, false])
  func head(whole: Bool) async throws {
    let handler: HTTPHandler = { _ in
      HTTPResponse(body: whole ? .bytes([1, 2, 3]) : .stream { try await $0.write([1, 2, 3]) })
    }
    let (head, get) = try await withServer(handler: handler) { address in
      let client = try RawClient(address)
      return (
        try client.exchange("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n"),
        try client.exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
      )
    }
    #expect(head.status == 200)
    #expect(head["Content-Length"] == (whole ? "3" : nil))
    #expect(get.body == [1, 2, 3])
  }

  @Test("HEAD is refused without a body too")
  func refusedHead() async throws {
    let text = try await withServer { address in
      let client = try RawClient(address)
      try client.send("HEAD / HTTP/1.1\r\n\r\n")
      return try client.readToEnd()
    }
    #expect(text.hasPrefix("HTTP/1.1 400 ") && text.hasSuffix("\r\n\r\n"))
  }

  @Test(
    "The connection closes after an answer to HTTP/1.0, to Connection: close, and when the handler says so",
    arguments: [
      "GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "GET /close HTTP/1.1\r\nHost: h\r\n\r\n",
    ])
  func closes(request: String) async throws {
    let text = try await withServer(handler: { request in
      HTTPResponse(headers: request.segments == ["close"] ? ["Connection": "close"] : [:], body: .bytes([0x61]))
    }) { address in
      let client = try RawClient(address)
      try client.send(request + "GET /never HTTP/1.1\r\nHost: h\r\n\r\n")
      return try client.readToEnd()
    }
    #expect(text.contains("\r\nConnection: close\r\n"))
    #expect(text.hasSuffix("\r\n\r\na"))
  }

  @Test("A client that closed its direction still gets its answer, also one that is made later")
  func halfClose() async throws {
    let go = Announcement<Void>()
    let text = try await withServer(handler: { request in
      await go.next()
      return await describeRequest(request)
    }) { address in
      let client = try RawClient(address)
      try client.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n")
      client.finishSending()
      go(())
      return try client.readToEnd()
    }
    #expect(text.hasSuffix("GET a "))
  }

  /// A server with a request under way that ends when it is cancelled; its client; and what tells whether it was.
  private func requestThatWaits() async throws -> (HTTPServer, UncheckedBox<RawClient>, Announcement<Bool>) {
    let (begun, ended) = (Announcement<Void>(), Announcement<Bool>())
    let server = try startServer(handler: { _ in
      begun(())
      await waitForCancellation()
      ended(Task.isCancelled)
      return .text(.ok, "given up")
    })
    let address = server.address
    let client = try await offPool {
      let client = try RawClient(address)
      try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
      return UncheckedBox(client)
    }
    await begun.next()
    return (server, client, ended)
  }

  @Test(
    "A handler is cancelled when its client closes, and a client that closed its direction alone gets what it answers",
    arguments: [true, false])
  func clientGoes(onlyItsDirection: Bool) async throws {
    let (server, client, ended) = try await requestThatWaits()
    if onlyItsDirection { client.value?.finishSending() } else { client.release() }
    #expect(await ended.next() == true)
    if onlyItsDirection {
      #expect(try await offPool { try client.value?.readToEnd() }?.hasSuffix("given up") == true)
    }
    client.release()
    await server.shutdown(grace: .zero)
  }

  @Test("A client that sends the next request ahead and then closes ends the handler of the first")
  func clientGoesAfterSendingAhead() async throws {
    let (server, client, ended) = try await requestThatWaits()
    try client.value?.send("GET /next HTTP/1.1\r\nHost: h\r\n\r\n")
    client.release()
    #expect(await ended.next() == true)
    await server.shutdown(grace: .zero)
  }

  @Test("A client that closed its direction gets what the system still holds when the server is done")
  func halfClosedSlowReader() async throws {
    let exchanges = Announcement<HTTPExchange>()
    let server = try startServer(
      { $0.onExchange = { exchanges($0) } },
      handler: { _ in HTTPResponse(body: .bytes([UInt8](repeating: 0x61, count: 40_000))) })
    let address = server.address
    let client = try await offPool {
      let client = try RawClient(unconnectedTo: address)
      client.shrinkReceiveBuffer()
      try client.connect(to: address)
      try client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
      client.finishSending()
      return UncheckedBox(client)
    }
    #expect(await exchanges.next().outcome == .answered)
    // The server lets go of the connection before the client has read much of the response.
    await server.shutdown(grace: .seconds(60))
    #expect(try await offPool { try client.value?.readResponse().body.count } == 40_000)
    client.release()
  }

  @Test("Empty lines after a body are no request of their own")
  func emptyLines() async throws {
    let exchanges = Announcement<HTTPExchange>()
    let (text, rest) = try await withServer({ $0.onExchange = { exchanges($0) } }) { address in
      let client = try RawClient(address)
      let post = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nok\r\n"
      let text = try client.exchange(post).text + client.exchange(post).text
      client.finishSending()
      return (text, try client.readToEnd())
    }
    #expect(text == "POST  okPOST  ok")
    #expect(rest == "")
    #expect(await exchanges.next(2).map(\.outcome) == [.answered, .answered])
  }

  @Test("A response larger than any socket buffer arrives whole")
  func largeResponse() async throws {
    let bytes = (0..<(12 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    let body = try await withServer(handler: { _ in HTTPResponse(body: .bytes(bytes)) }) {
      try RawClient($0).exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n").body
    }
    #expect(body == bytes)
  }

  @Test("A handler hears that its client has reset the connection")
  func cancellation() async throws {
    let (started, cancelled) = (Announcement<Void>(), Announcement<Bool>())
    let exchanges = Announcement<HTTPExchange>()
    let server = try startServer(
      { $0.onExchange = { exchanges($0) } },
      handler: { _ in
        started(())
        await waitForCancellation()
        cancelled(Task.isCancelled)
        return HTTPResponse()
      })
    let address = server.address
    let client = try await offPool {
      let client = try RawClient(address)
      try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
      client.resetOnClose()
      return UncheckedBox(client)
    }
    await started.next()
    client.release()
    #expect(await cancelled.next() == true)
    #expect(await exchanges.next().outcome == .aborted)
    await server.shutdown(grace: .zero)
  }

  @Test("An exchange is reported with what was sent")
  func report() async throws {
    let exchanges = Announcement<HTTPExchange>()
    let (host, length) = try await withServer(
      { $0.onExchange = { exchanges($0) } },
      handler: { _ in HTTPResponse(.created, headers: ["X-Request-Id": "7"], body: .bytes([1])) }
    ) { address in
      let client = try RawClient(address)
      try client.send("PUT /a?b=c HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
      return (address.host, try client.readToEnd().utf8.count)
    }
    let exchange = await exchanges.next()
    #expect(exchange.method == .put && exchange.target == "/a?b=c" && exchange.status == .created)
    #expect(exchange.outcome == .answered && exchange.responseHeaders["X-Request-Id"] == "7")
    #expect(exchange.bytesSent == length && exchange.remoteAddress.host == host)
    #expect(exchange.duration > .zero)
  }
}
