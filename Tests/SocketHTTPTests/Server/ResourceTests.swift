import Foundation
import Glibc
import SocketHTTP
import Testing

/// What touches the whole process runs in a process of its own.
@Suite(.timeLimit(.minutes(5))) struct ResourceTests {
  @Test("Two thousand clients at a time are served, and every socket is closed")
  func manyConnections() async {
    await #expect(processExitsWith: .success) {
      raiseDescriptorLimit()
      let before = try openSockets()
      let statuses = try await withServer { address in
        let clients = try (0..<2000).map { _ in try RawClient(address) }
        return try clients.map { try $0.exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n").status }
      }
      #expect(statuses == Array(repeating: 200, count: 2000))
      #expect(try openSockets() == before)
    }
  }

  @Test("A thousand clients that reset their connections leave nothing behind")
  func resets() async {
    await #expect(processExitsWith: .success) {
      let before = try openSockets()
      let status = try await withServer { address in
        for number in 0..<1000 {
          let client = try RawClient(address)
          let request = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nok"
          // At every stage: nothing sent, a part of the head or body, the whole.
          try client.send(String(request.prefix(number % (request.utf8.count + 1))))
          client.resetOnClose()
        }
        return try RawClient(address).exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n").status
      }
      #expect(status == 200)
      #expect(try openSockets() == before)
    }
  }

  @Test("Out of file descriptors, idle clients make room, others are turned away, and the server lives on")
  func outOfDescriptors() async {
    await #expect(processExitsWith: .success) {
      let before = try openSockets()
      try await withServer { address in
        let get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
        var clients = try (0..<60).map { _ in try RawClient(unconnectedTo: address) }
        let restore = lowerDescriptorLimit(leaving: 8)
        // Idle ones make room for each other.
        for client in clients[..<20] {
          try client.connect(to: address)
          #expect(try client.exchange(get).status == 200)
        }
        // Those that have begun a request are kept, and there is no room for all.
        for client in clients[20...] {
          try client.connect(to: address)
          try? client.send("GET /")
        }
        let answers = clients[20...].map { client -> Int? in
          try? client.send(" HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
          return try? client.readResponse().status
        }
        #expect(answers.contains(200))
        #expect(answers.contains(503))
        clients = []
        restore()
        #expect(try RawClient(address).exchange(get).status == 200)
      }
      #expect(try openSockets() == before)
    }
  }

  @Test("A head that never ends is refused and the rest of it discarded: 64 MB of it take no memory")
  func flood() async {
    await #expect(processExitsWith: .success) {
      try await withServer({ $0.deadlines.linger = .seconds(60) }) { address in
        let client = try RawClient(address)
        let megabyte = [UInt8](repeating: 0x61, count: 1 << 20)
        try client.send(megabyte)
        let before = try residentBytes()
        for _ in 0..<64 { try client.send(megabyte) }
        #expect(try residentBytes() - before < 32 << 20)
        #expect(try client.readResponse().status == 414)
      }
    }
  }

  @Test("A server that has stopped gives back all that it opened")
  func serversComeAndGo() async {
    await #expect(processExitsWith: .success) {
      let before = try openDescriptors().count
      for _ in 0..<50 { try await startServer().shutdown(grace: .zero) }
      // The runtime opens and closes one or the other of its own meanwhile.
      #expect(try openDescriptors().count < before + 50)
    }
  }

  @Test("Answers of the loop itself come while every thread of the pool is taken")
  func busyPool() async {
    await #expect(processExitsWith: .success) {
      let server = try startServer({
        $0.immediate = { $0.segments == ["healthz"] ? .text(.ok, "alive") : nil }
      })
      let address = server.address
      let (taken, release) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
      let count = ProcessInfo.processInfo.activeProcessorCount + 4
      let answer = Announcement<String?>()
      Thread {
        // As many as the pool has threads are taken before the request; the other tasks have to wait.
        for _ in 0..<ProcessInfo.processInfo.activeProcessorCount - 1 { taken.wait() }
        let text = try? RawClient(address).exchange("GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n").text
        for _ in 0..<count { release.signal() }
        answer(text)
      }.start()
      for _ in 0..<count {
        Task.detached {
          taken.signal()
          blockThread(on: release)
        }
      }
      #expect(await answer.next() == "alive")
      await server.shutdown(grace: .zero)
    }
  }
}

/// Blocks, as code does that knows nothing of tasks.
private func blockThread(on semaphore: DispatchSemaphore) {
  semaphore.wait()
}

/// What the open descriptors refer to: sockets as `socket:[…]`, others by name.
private func openDescriptors() throws -> [String] {
  let folder = "/proc/self/fd"
  return try FileManager.default.contentsOfDirectory(atPath: folder).compactMap {
    try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")
  }
}

private func openSockets() throws -> [String] {
  try openDescriptors().filter { $0.hasPrefix("socket:") }.sorted()
}

/// Memory of this process that is in use, from the second number of statm.
private func residentBytes() throws -> Int {
  let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
  return try #require(Int(pages[1])) * Int(getpagesize())
}

private func raiseDescriptorLimit() {
  var limit = rlimit()
  getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  limit.rlim_cur = limit.rlim_max
  setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}

/// Leaves so many descriptors to be opened; the closure returned restores the limit.
private func lowerDescriptorLimit(leaving count: Int32) -> () -> Void {
  var limit = rlimit()
  getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  let original = limit
  let next = dup(0)
  close(next)
  limit.rlim_cur = rlim_t(next + count)
  setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  return {
    var original = original
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &original)
  }
}
