import Foundation
import SocketHTTP
import Testing

@Suite(.timeLimit(.minutes(2))) struct StreamingTests {
  @Test("A stream arrives as it is written, and the connection serves on")
  func stream() async throws {
    let go = Announcement<Void>()
    let (first, rest) = try await withServer(handler: { request in
      guard request.segments.isEmpty else { return await describeRequest(request) }
      return HTTPResponse(
        body: .stream { writer in
          try await writer.write("one")
          await go.next()
          try await writer.write("two")
        })
    }) { address in
      let client = try RawClient(address)
      try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
      var first = ""
      while !first.hasSuffix("3\r\none\r\n") { first += String(decoding: try client.readSome(), as: UTF8.self) }
      go(())
      try client.send("GET /next HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
      return (first, try client.readToEnd())
    }
    #expect(first.contains("Transfer-Encoding: chunked"))
    #expect(rest.hasPrefix("3\r\ntwo\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n"))
    #expect(rest.hasSuffix("GET next "))
  }

  @Test("A stream to HTTP/1.0 ends with the connection")
  func oldVersion() async throws {
    let text = try await withServer(handler: { _ in
      HTTPResponse(body: .stream { for part in ["a", "b", "c"] { try await $0.write(Data(part.utf8)) } })
    }) { address in
      let client = try RawClient(address)
      try client.send("GET / HTTP/1.0\r\n\r\n")
      return try client.readToEnd()
    }
    #expect(text.hasSuffix("\r\n\r\nabc"))
    #expect(!text.contains("chunked"))
  }

  @Test("A stream may be answered on the loop; it is written by a task all the same")
  func immediateStream() async throws {
    let text = try await withServer({
      $0.immediate = { _ in HTTPResponse(body: .stream { try await $0.write("from a task") }) }
    }) { try RawClient($0).exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n").text }
    #expect(text == "from a task")
  }

  @Test("A stream that fails resets the connection", arguments: ["1.0", "1.1"])
  func failure(version: String) async throws {
    struct Failed: Error {}
    let go = Announcement<Void>()
    let exchanges = Announcement<HTTPExchange>()
    let wasReset = try await withServer(
      { $0.onExchange = { exchanges($0) } },
      handler: { _ in
        HTTPResponse(
          body: .stream {
            try await $0.write("part")
            await go.next()
            throw Failed()
          })
      }
    ) { address in
      let client = try RawClient(address)
      try client.send("GET / HTTP/\(version)\r\nHost: h\r\n\r\n")
      var text = ""
      while !text.contains("part") { text += String(decoding: try client.readSome(), as: UTF8.self) }
      go(())
      do {
        _ = try client.readToEnd()
        return false
      } catch RawClient.Failure.reset {
        return true
      }
    }
    #expect(wasReset)
    #expect(await exchanges.next().outcome == .aborted)
  }

  @Test("Twenty clients that leave a large download end its writing, and the server serves on")
  func aborts() async throws {
    let ends = Announcement<Bool>()
    let server = try startServer(handler: { request in
      guard request.segments == ["large"] else { return await describeRequest(request) }
      return HTTPResponse(
        body: .stream { writer in
          let part = [UInt8](repeating: 0x61, count: 64 << 10)
          do {
            for _ in 0..<800 { try await writer.write(part) }
            ends(false)
          } catch {
            ends(true)
            throw error
          }
        })
    })
    let address = server.address
    let after = try await offPool {
      for number in 0..<20 {
        let client = try RawClient(unconnectedTo: address)
        client.shrinkReceiveBuffer()
        try client.connect(to: address)
        try client.send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n")
        _ = try client.readSome()
        if number.isMultiple(of: 2) { client.resetOnClose() }
      }
      return try RawClient(address).exchange("GET /after HTTP/1.1\r\nHost: h\r\n\r\n").status
    }
    #expect(after == 200)
    #expect(await ends.next(20) == Array(repeating: true, count: 20))
    await server.shutdown(grace: .zero)
  }

  @Test("A slow reader holds its writer back")
  func backPressure() async throws {
    let written = Counter()
    let total = 256 << 20
    let ahead = try await withServer(handler: { _ in
      HTTPResponse(
        body: .stream { writer in
          let part = [UInt8](repeating: 0x61, count: 64 << 10)
          while written.value < total {
            try await writer.write(part)
            written.add(part.count)
          }
        })
    }) { address in
      let client = try RawClient(unconnectedTo: address)
      client.shrinkReceiveBuffer()
      try client.connect(to: address)
      try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
      var read = 0
      var ahead = 0
      while read < 8 << 20 {
        read += try client.readSome().count
        ahead = max(ahead, written.value - read)
      }
      client.resetOnClose()
      return ahead
    }
    // What is ahead fits the system's socket buffers, of a few MB, and the high-water mark.
    #expect(ahead < 64 << 20)
  }

  @Test("An event stream ends when its client closes, though nothing is being written", arguments: [true, false])
  func eventStream(onlyItsDirection: Bool) async throws {
    let ended = Announcement<Bool>()
    let server = try startServer(handler: { _ in
      HTTPResponse(
        body: .stream(endsWhenClientCloses: true) { writer in
          try await writer.write("data: 1\n\n")
          await waitForCancellation()
          ended(Task.isCancelled)
        })
    })
    let address = server.address
    let client = try await offPool {
      let client = try RawClient(address)
      try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
      var text = ""
      while !text.contains("data: 1") { text += String(decoding: try client.readSome(), as: UTF8.self) }
      if onlyItsDirection { client.finishSending() }
      return UncheckedBox(client)
    }
    if !onlyItsDirection { client.release() }
    #expect(await ended.next() == true)
    client.release()
    await server.shutdown(grace: .zero)
  }

  @Test("A stream is served to the end to a client that closed its direction")
  func halfClosed() async throws {
    let go = Announcement<Void>()
    let text = try await withServer(handler: { _ in
      HTTPResponse(
        body: .stream { writer in
          await go.next()
          for _ in 0..<100 { try await writer.write("a") }
        })
    }) { address in
      let client = try RawClient(address)
      try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
      client.finishSending()
      go(())
      return try client.readToEnd()
    }
    #expect(text.hasSuffix("0\r\n\r\n"))
    #expect(text.filter { $0 == "a" }.count >= 100)
  }
}

/// A number that threads add to.
final class Counter: @unchecked Sendable {
  private let lock = NSLock()
  private var count = 0

  var value: Int { lock.withLock { count } }

  func add(_ number: Int) {
    lock.withLock { count += number }
  }
}
