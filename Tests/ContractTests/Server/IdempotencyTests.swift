import Foundation
import HoneClient
import Testing
import TuningAPI
import TuningModel

@Suite("Writes that are repeated", .timeLimit(.minutes(1)))
struct IdempotencyTests {
  private func create(_ server: RunningServer, _ name: String = "s") async throws {
    try await server.send(.createStudy, "/v1/studies", StatusTests.definition(name))
  }

  private func key(_ text: String) -> [(String, String)] { [(IdempotencyKey.field, text)] }

  @Test("The same request under the same key is answered byte for byte as at first, and happens once")
  func repeated() async throws {
    try await RunningServer.run { server in
      let definition = StatusTests.definition("s")
      let calls: [(APIOperation, String, JSONValue?)] = [
        (.createStudy, "/v1/studies", definition), (.ask, "/v1/studies/s/ask", [:]),
        (.tell, "/v1/studies/s/trials/1/tell", ["metrics": ["loss": 1]]),
        (.correctTrial, "/v1/studies/s/trials/1", ["metrics": ["loss": 2]]),
        (.excludeTrial, "/v1/studies/s/trials/1", nil),
        (.enqueue, "/v1/studies/s/enqueue", ["trials": [["parameters": ["x": 1]]]]),
        (.updateStudy, "/v1/studies/s", ["labels": ["a": "b"]]), (.deleteStudy, "/v1/studies/s", nil),
      ]
      var first: [HTTPAnswer] = []
      for (index, call) in calls.enumerated() {
        first.append(try await server.send(call.0, call.1, call.2, headers: key("k\(index)")))
      }
      for (index, call) in calls.enumerated() {
        let again = try await server.send(call.0, call.1, call.2, headers: key("k\(index)"))
        #expect(again.status == first[index].status && again.body == first[index].body)
        for field in ["ETag", "Location", "Content-Type"] { #expect(again[field] == first[index][field]) }
        #expect(again["Idempotency-Replayed"] == "true" && first[index]["Idempotency-Replayed"] == nil)
        #expect(again.status < 300)
      }
      #expect(try await server.send(.getStudy, "/v1/studies/s").status == 404)
    }
  }

  @Test("Another token's key is another key")
  func tokens() async throws {
    try await RunningServer.run { server in
      let issued = [try await AccessTests.token(server), try await AccessTests.token(server)]
      let bearers = issued.map(AccessTests.bearer)
      try await server.send(.createStudy, "/v1/studies", StatusTests.definition("s"), headers: bearers[0])
      for (count, bearer) in zip([1, 2], bearers) {
        let body: JSONValue = ["count": .integer(count)]
        let first = try await server.send(.ask, "/v1/studies/s/ask", body, headers: bearer + key("k"))
        #expect(first.status == 200 && first["Idempotency-Replayed"] == nil, "\(first.text)")
        let again = try await server.send(.ask, "/v1/studies/s/ask", body, headers: bearer + key("k"))
        #expect(again.body == first.body && again["Idempotency-Replayed"] == "true")
      }
    }
  }

  @Test("Another request under a key is refused with a code of its own")
  func reused() async throws {
    try await RunningServer.run { server in
      try await create(server)
      try await server.send(.ask, "/v1/studies/s/ask", ["count": 1], headers: key("k"))
      for (target, body) in [("/v1/studies/s/ask", ["count": 2] as JSONValue), ("/v1/studies/t/ask", ["count": 1])] {
        let other = try await server.send(.ask, target, body, headers: key("k"))
        #expect(other.status == 422)
        #expect(try other.json["code"] == "key_reused")
      }
      #expect(try await server.studies.study("s").counts == [.running: 1])
    }
  }

  @Test("What was refused is not kept: its key is free")
  func refused() async throws {
    try await RunningServer.run { server in
      try await create(server)
      let target = "/v1/studies/s/ask"
      #expect(try await server.send(.ask, target, ["count": 0], headers: key("k")).status == 422)
      #expect(try await server.send(.ask, target, ["count": 1], headers: key("k")).status == 200)
    }
  }

  @Test("Requests under one key that arrive together happen once")
  func together() async throws {
    try await RunningServer.run { server in
      try await create(server)
      let bodies = try await withThrowingTaskGroup(of: [UInt8].self) { group in
        for _ in 0..<8 {
          group.addTask { try await server.send(.ask, "/v1/studies/s/ask", [:], headers: key("k")).body }
        }
        return try await group.reduce(into: Set()) { $0.insert($1) }
      }
      #expect(bodies.count == 1)
      #expect(try await server.studies.study("s").counts == [.running: 1])
    }
  }

  @Test("An answer to what changed nothing is kept too")
  func nothingChanged() async throws {
    try await RunningServer.run { server in
      try await create(server)
      _ = try await server.studies.update("s", StudyPatch(state: .paused), revision: nil)
      let first = try await server.send(.ask, "/v1/studies/s/ask", [:], headers: key("k"))
      #expect(first["Retry-After"] == "10")
      _ = try await server.studies.update("s", StudyPatch(state: .active), revision: nil)
      let again = try await server.send(.ask, "/v1/studies/s/ask", [:], headers: key("k"))
      #expect(again.body == first.body && again["Retry-After"] == "10")
    }
  }

  @Test("A key that is none is refused", arguments: ["", "two words", "Größe", String(repeating: "k", count: 256)])
  func malformed(_ text: String) async throws {
    try await RunningServer.run { server in
      try await create(server)
      let answer = try await server.send(.ask, "/v1/studies/s/ask", [:], headers: key(text))
      #expect(answer.status == 400)
      #expect(try answer.json["code"] == "malformed")
    }
  }

  @Test("The digest of requests is FNV-1a with 128 bits")
  func digest() {
    // Published in RFC 9923, appendix C.
    for (text, expected) in [
      ("", "6c62272e07bb014262b821756295c58d"), ("a", "d228cb696f1a8caf78912b704e4a8964"),
      ("foobar", "343e1662793c64bf6f0d3597ba446f18"),
    ] {
      var digest = RequestDigest()
      digest.add(text.utf8)
      #expect(digest.text == expected)
    }
  }
}
