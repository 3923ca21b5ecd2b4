import SocketHTTP
import Testing

@Suite(.timeLimit(.minutes(2))) struct ConnectionLimitTests {
  @Test("When all connections are taken the one that has been idle longest makes room")
  func eviction() async throws {
    let (evicted, kept) = try await withServer({
      $0.limits.connections = 3
      // However slow the machine: only the limit may close a connection.
      $0.deadlines.idle = .seconds(600)
    }) { address in
      let clients = try (0..<3).map { _ in try RawClient(address) }
      for client in clients { _ = try client.exchange(Self.get) }
      // The first has now been used last.
      _ = try clients[0].exchange(Self.get)
      let newcomer = try RawClient(address)
      return (
        try newcomer.exchange(Self.get).status == 200 && clients[1].readToEnd() == "",
        try [clients[0], clients[2]].map { try $0.exchange(Self.get).status }
      )
    }
    #expect(evicted)
    #expect(kept == [200, 200])
  }

  @Test("When all connections are at work the next one gets 503")
  func full() async throws {
    let (started, go) = (Announcement<Void>(), Announcement<Void>())
    let exchanges = Announcement<HTTPExchange>()
    let server = try startServer(
      {
        $0.limits.connections = 2
        $0.onExchange = { exchanges($0) }
      },
      handler: { _ in
        started(())
        await go.next()
        return HTTPResponse()
      })
    let address = server.address
    let clients = try await offPool {
      let clients = try (0..<2).map { _ in try RawClient(address) }
      for client in clients { try client.send(Self.get) }
      return UncheckedBox(clients)
    }
    _ = await started.next(2)
    let refused = try await offPool { try RawClient(address).readToEnd() }
    #expect(refused.hasPrefix("HTTP/1.1 503 "))
    #expect(await exchanges.next().outcome == .rejected(.tooManyConnections))
    for _ in 0..<2 { go(()) }
    let served = try await offPool { try (clients.value ?? []).map { try $0.readResponse().status } }
    #expect(served == [200, 200])
    clients.release()
    await server.shutdown(grace: .zero)
  }

  @Test("Limits may be as large as an integer")
  func unlimited() async throws {
    let status = try await withServer({
      $0.limits.connections = .max
      ($0.limits.bodyBytes, $0.limits.bodyBytesInAll, $0.limits.answerBytesInAll) = (.max, .max, .max)
      ($0.limits.headBytes, $0.limits.requestLineBytes, $0.limits.fields) = (.max, .max, .max)
      ($0.deadlines.head, $0.deadlines.body) = (.seconds(Int64.max), .seconds(Int64.max))
    }) { address in
      let chunked = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\nFFFFFFFFFFFFFFFF\r\n"
      return [try RawClient(address).exchange(Self.get).status, try RawClient(address).exchange(chunked).status]
    }
    #expect(status == [200, 413])
  }

  @Test("Request bodies are limited in all, and given back when their requests are done")
  func bodiesInAll() async throws {
    let statuses = try await withServer({ $0.limits.bodyBytesInAll = 1000 }) { address in
      let post = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 800\r\n\r\n"
      let part = String(repeating: "a", count: 799)
      let (one, two) = (try RawClient(address), try RawClient(address))
      try one.send(post + part)
      // Its answer shows that the server has read what was sent before.
      _ = try RawClient(address).exchange(Self.get)
      try two.send(post + part)
      let refused = try two.readResponse().status
      return [refused, try one.exchange("a").status, try RawClient(address).exchange(post + part + "a").status]
    }
    #expect(statuses == [503, 200, 200])
  }

  @Test("Answers that nobody takes are limited in all: who has waited longest is cut off")
  func answersInAll() async throws {
    let size = 8 << 20
    let exchanges = Announcement<HTTPExchange>()
    let server = try startServer(
      {
        $0.limits.answerBytesInAll = 2 * size + size / 2
        $0.deadlines.write = .seconds(600)
        $0.onExchange = { exchanges($0) }
      },
      handler: { $0.method == .get ? HTTPResponse(body: .bytes([UInt8](repeating: 97, count: size))) : HTTPResponse() })
    let address = server.address
    // More than the system's buffers hold, so that most of each answer waits in the server.
    let clients = try await offPool {
      let clients = try (0..<3).map { _ in try RawClient(address) }
      for client in clients {
        try client.send(Self.get)
        // The answer to another shows that the server has tried to send this one.
        _ = try RawClient(address).exchange(Self.post)
      }
      return UncheckedBox(clients)
    }
    var aborted = 0
    for _ in 0..<4 where await exchanges.next().outcome == .aborted { aborted += 1 }
    #expect(aborted == 1)
    let bodies = try await offPool { try (clients.value ?? []).dropFirst().map { try $0.readResponse().body.count } }
    #expect(bodies == [size, size])
    clients.release()
    await server.shutdown(grace: .zero)
  }

  private static let post = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n"
  private static let get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
}
