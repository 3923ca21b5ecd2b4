import SocketHTTP
import Testing

@Suite(.timeLimit(.minutes(2))) struct ShutdownTests {
  @Test("A request under way is answered and its connection closed; idle ones close, and nobody new is let in")
  func graceful() async throws {
    let (started, go) = (Announcement<Void>(), Announcement<Void>())
    let server = try startServer(handler: { request in
      if request.segments == ["slow"] {
        started(())
        await go.next()
      }
      return await describeRequest(request)
    })
    let address = server.address
    let clients = try await offPool {
      let (idle, busy) = (try RawClient(address), try RawClient(address))
      _ = try idle.exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
      try busy.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n")
      return UncheckedBox((idle: idle, busy: busy))
    }
    await started.next()
    async let stopped: Void = server.shutdown(grace: .seconds(60))
    let (idleEnd, isRefused, answer) = try await offPool {
      guard let value = clients.value else { return ("", false, "") }
      // The idle connection's end shows that the shutdown has begun.
      let idleEnd = try value.idle.readToEnd()
      let isRefused = (try? RawClient(address)) == nil
      go(())
      return (idleEnd, isRefused, try value.busy.readToEnd())
    }
    #expect(idleEnd == "")
    #expect(isRefused)
    #expect(answer.hasSuffix("GET slow ") && answer.contains("\r\nConnection: close\r\n"))
    clients.release()
    await stopped
  }

  @Test("What is not done within the grace is cancelled and cut off")
  func hardStop() async throws {
    let (started, cancelled) = (Announcement<Void>(), Announcement<Bool>())
    let server = try startServer(handler: { _ in
      started(())
      await waitForCancellation()
      cancelled(Task.isCancelled)
      return HTTPResponse()
    })
    let address = server.address
    let client = try await offPool {
      let client = try RawClient(address)
      try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
      return UncheckedBox(client)
    }
    await started.next()
    await server.shutdown(grace: .milliseconds(20))
    #expect(await cancelled.next() == true)
    let wasReset = try await offPool {
      do {
        _ = try client.value?.readToEnd()
        return false
      } catch RawClient.Failure.reset {
        return true
      }
    }
    #expect(wasReset)
    client.release()
  }

  @Test("Stopping twice, or when nobody is connected, returns")
  func twice() async throws {
    let server = try startServer()
    async let one: Void = server.shutdown(grace: .seconds(60))
    async let two: Void = server.shutdown(grace: .seconds(60))
    _ = await (one, two)
    await server.shutdown(grace: .seconds(60))
    await server.waitUntilStopped()
  }

  @Test("A stream whose server stops ends with an error")
  func stream() async throws {
    let failures = Announcement<ResponseWriter.Failure?>()
    let server = try startServer(handler: { _ in
      HTTPResponse(
        body: .stream { writer in
          do {
            while true { try await writer.write([UInt8](repeating: 0, count: 1 << 16)) }
          } catch {
            failures(error as? ResponseWriter.Failure)
            throw error
          }
        })
    })
    let address = server.address
    let client = try await offPool {
      let client = try RawClient(address)
      try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
      _ = try client.readSome()
      return UncheckedBox(client)
    }
    await server.shutdown(grace: .zero)
    #expect(await failures.next() == .clientGone)
    client.release()
  }
}
