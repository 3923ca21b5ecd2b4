import SocketHTTP
import Testing

@Suite(.timeLimit(.minutes(2))) struct DeadlineTests {
  @Test("A head sent byte by byte is cut off, and others are served meanwhile")
  func slowHead() async throws {
    let (slow, other) = try await withServer({ $0.deadlines.head = .milliseconds(150) }) { address in
      let client = try RawClient(address)
      try client.send("GET /")
      let other = try RawClient(address).exchange("GET /other HTTP/1.1\r\nHost: h\r\n\r\n").text
      while !client.isReadable(within: 5) { try client.send("a") }
      return (try client.readToEnd(), other)
    }
    #expect(slow.hasPrefix("HTTP/1.1 408 "))
    #expect(other == "GET other ")
  }

  @Test("A body sent byte by byte is cut off", arguments: ["Content-Length: 100000", "Transfer-Encoding: chunked"])
  func slowBody(framing: String) async throws {
    let slow = try await withServer({ $0.deadlines.body = .milliseconds(150) }) { address in
      let client = try RawClient(address)
      try client.send("POST / HTTP/1.1\r\nHost: h\r\n\(framing)\r\n\r\nF000\r\n")
      while !client.isReadable(within: 5) { try client.send("a") }
      return try client.readToEnd()
    }
    #expect(slow.hasPrefix("HTTP/1.1 408 "))
  }

  @Test("An idle connection is closed without a word, new or used", arguments: [true, false])
  func idle(used: Bool) async throws {
    let rest = try await withServer({ $0.deadlines.idle = .milliseconds(50) }) { address in
      let client = try RawClient(address)
      if used { _ = try client.exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n") }
      return try client.readToEnd()
    }
    #expect(rest == "")
  }

  @Test("A client that does not read is cut off, from a whole body and from a stream", arguments: [true, false])
  func slowReader(whole: Bool) async throws {
    let exchanges = Announcement<HTTPExchange>()
    let server = try startServer(
      {
        $0.deadlines.write = .milliseconds(100)
        $0.onExchange = { exchanges($0) }
      },
      handler: { _ in
        HTTPResponse(
          body: whole
            ? .bytes([UInt8](repeating: 0, count: 32 << 20))
            : .stream { while true { try await $0.write([UInt8](repeating: 0, count: 1 << 20)) } })
      })
    let address = server.address
    let client = try await offPool {
      let client = try RawClient(unconnectedTo: address)
      client.shrinkReceiveBuffer()
      try client.connect(to: address)
      try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
      return UncheckedBox(client)
    }
    let exchange = await exchanges.next()
    #expect(exchange.outcome == .aborted && exchange.status == .ok && exchange.bytesSent > 0)
    client.release()
    await server.shutdown(grace: .zero)
  }

  @Test("A client that keeps its direction open after a refusal is closed on")
  func lingering() async throws {
    let text = try await withServer({ $0.deadlines.linger = .milliseconds(50) }) { address in
      let client = try RawClient(address)
      try client.send("GET / HTTP/1.1\r\n\r\n")
      let text = try client.readToEnd()
      // Sending fails once the server has closed for good.
      while (try? client.send("a")) != nil {}
      return text
    }
    #expect(text.hasPrefix("HTTP/1.1 400 "))
  }
}
