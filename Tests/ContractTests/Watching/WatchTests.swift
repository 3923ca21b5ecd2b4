import Foundation
import HoneClient
import SocketHTTP
import Testing
import TuningAPI
import TuningModel
import TuningServer

@Suite("Watching a study", .timeLimit(.minutes(2)))
struct WatchTests {
  private func tell(_ server: RunningServer, _ number: Int) async throws {
    try await server.send(.tell, "/v1/studies/one/trials/\(number)/tell", ["metrics": ["loss": 1]])
  }

  private func start(_ server: RunningServer) async throws {
    try await server.send(.createStudy, "/v1/studies", StatusTests.definition("one"))
    try await server.send(.ask, "/v1/studies/one/ask", ["count": 2, "worker": "w"])
  }

  @Test("Events come in their order as they happen, and go on from where a reader was")
  func order() async throws {
    try await RunningServer.run { server in
      try await start(server)
      var events = try server.client().events("one", after: 0).makeAsyncIterator()
      let first = try #require(try await events.next())
      #expect(first.sequence == 1 && first.kind == "started" && first.trial == 1)
      #expect(first.details["worker"] == "w" && first.details["parameters"]?["x"] != nil)
      #expect(try await events.next()?.trial == 2)
      try await tell(server, 2)
      let told = try #require(try await events.next())
      #expect(told.sequence == 3 && told.kind == "completed" && told.details["metrics"] == ["loss": 1])
      try await server.send(.updateStudy, "/v1/studies/one", ["state": "paused"])
      let updated = try #require(try await events.next())
      #expect(updated.kind == "updated" && updated.trial == nil && updated.details["state"] == "paused")
      var rest = try server.client().events("one", after: 2).makeAsyncIterator()
      #expect(try await rest.next() == told)
      // A place that the log never had is of an older study of this name.
      var late = try server.client().events("one", after: 99).makeAsyncIterator()
      #expect(try await late.next() == first)
    }
  }

  @Test("Without a place a watch begins with the next event; no lease's token is in any")
  func fromNow() async throws {
    try await RunningServer.run { server in
      try await start(server)
      let tap = EventTap(HTTPCall("GET", "/v1/studies/one/events"), port: server.port)
      #expect(await tap.shows("id: 2\n\n"))
      try await tell(server, 1)
      #expect(await tap.shows("id: 3\nevent: completed\ndata: {"))
      #expect(!tap.text.contains("started"))
      let resumed = EventTap(
        HTTPCall("GET", "/v1/studies/one/events?after=0", headers: [("Last-Event-ID", "2")]), port: server.port)
      #expect(await resumed.shows("completed"))
      #expect(!resumed.text.contains("started"))
      let all = EventTap(HTTPCall("GET", "/v1/studies/one/events?after=0"), port: server.port)
      #expect(await all.shows("completed"))
      #expect(!all.text.contains("token"))
      await server.server.shutdown()
      // The last chunk is there: the stream was ended, not cut off.
      for tap in [tap, resumed, all] {
        #expect(String(decoding: await tap.whole(), as: UTF8.self).hasSuffix("0\r\n\r\n"))
      }
    }
  }

  @Test("A watch ends when its study is deleted, also where another one takes its name")
  func deletion() async throws {
    try await RunningServer.run { server in
      try await start(server)
      let client = try server.client(retries: RemoteStudyClientTests.quick)
      var events = client.events("one", after: 1).makeAsyncIterator()
      #expect(try await events.next()?.sequence == 2)
      let tap = EventTap(HTTPCall("GET", "/v1/studies/one/events"), port: server.port)
      #expect(await tap.shows("id: 2"))
      try await server.send(.deleteStudy, "/v1/studies/one")
      #expect(try await events.next() == nil)
      try await start(server)
      #expect(!String(decoding: await tap.whole(), as: UTF8.self).contains("started"))
      await #expect(throws: StudyError.self) {
        for try await _ in client.events("nothing") { Issue.record("an event of nothing") }
      }
    }
  }

  @Test("A token that is revoked ends what it was used for")
  func revocation() async throws {
    try await RunningServer.run { server in
      try await start(server)
      let all = AccessTests.bearer(try await AccessTests.token(server))
      let token = try await AccessTests.token(server, [.read])
      let call = HTTPCall("GET", "/v1/studies/one/events", headers: AccessTests.bearer(token))
      let tap = EventTap(call, port: server.port)
      #expect(await tap.shows("id: 2"))
      try await server.access.revokeToken(token.token.id)
      try await server.send(
        .tell, "/v1/studies/one/trials/1/tell", ["metrics": ["loss": 1]], headers: all)
      #expect(!String(decoding: await tap.whole(), as: UTF8.self).contains("completed"))
    }
  }

  @Test("The client goes on over another connection from the last event it has")
  func reconnection() async throws {
    final class Targets: @unchecked Sendable {
      private let lock = NSLock()
      private var kept: [String] = []
      var all: [String] { lock.withLock { kept } }
      func add(_ target: String) -> Int {
        lock.withLock {
          kept.append(target); return kept.count
        }
      }
    }
    @Sendable func notice(_ sequence: Int) -> StudyNotice {
      StudyNotice(sequence: sequence, at: Timestamp(milliseconds: 0), kind: "k", trial: nil, details: [:])
    }
    let targets = Targets()
    let server = try HTTPServer.start { request in
      let count = targets.add(request.target.raw)
      let text =
        switch count {
        case 1: ServerSentEvents.start(7)
        case 2: ServerSentEvents.start(7) + ServerSentEvents.text(notice(8)) + "id: 9\ndata: {\"half"
        // A server that repeats itself is not believed.
        default: ServerSentEvents.text(notice(8)) + ServerSentEvents.text(notice(9))
        }
      return HTTPResponse(headers: ["Content-Type": ServerSentEvents.mediaType], body: .bytes(Array(text.utf8)))
    }
    let url = try #require(URL(string: "http://\(server.address)"))
    var events = RemoteStudyClient(server: url, retries: RemoteStudyClientTests.quick).events("one").makeAsyncIterator()
    #expect(try await events.next()?.sequence == 8)
    #expect(try await events.next()?.sequence == 9)
    await server.shutdown(grace: .zero)
    #expect(targets.all == ["", "?after=7", "?after=8"].map { "/v1/studies/one/events" + $0 })
  }

  @Test("Who stops reading closes the connection")
  func leaving() async throws {
    let notice = StudyNotice(sequence: 1, at: Timestamp(milliseconds: 0), kind: "k", trial: nil, details: [:])
    let server = try HTTPServer.start { _ in
      HTTPResponse(
        headers: ["Content-Type": ServerSentEvents.mediaType],
        body: .stream(endsWhenClientCloses: true) { writer in
          try await writer.write(ServerSentEvents.text(notice))
          try await Task.sleep(for: .seconds(3_600))
        })
    }
    let url = try #require(URL(string: "http://\(server.address)"))
    for try await event in RemoteStudyClient(server: url).events("one", after: 0) {
      #expect(event == notice)
      break
    }
    while server.connectionCount > 0 { try await Task.sleep(for: .milliseconds(5)) }
    await server.shutdown(grace: .zero)
  }

  @Test("Events are read the same however their bytes are cut")
  func cuts() throws {
    let text =
      "id: 3\n\n: comment\r\nid: 4\r\ndata: one\r\ndata:two\r\n\r\nevent: x\rdata: {}\r\rid: x\ndata: é\n\nid: 5\ndata: h"
    let bytes = Array(text.utf8)
    let wanted = [Array("one\ntwo".utf8), Array("{}".utf8), Array("é".utf8)]
    for first in 0...bytes.count {
      for second in [first, (first + bytes.count) / 2] {
        var reader = ServerSentEvents.Reader()
        var events = try reader.take(bytes[..<first])
        events += try reader.take(bytes[first..<second])
        events += try reader.take(bytes[second...])
        #expect(events == wanted)
        #expect(reader.lastID == 4)
      }
    }
    var reader = ServerSentEvents.Reader()
    #expect(throws: StudyError.self) {
      _ = try reader.take([UInt8](repeating: 0, count: ServerSentEvents.Reader.limit + 1))
    }
  }
}
