import Foundation
import HoneClient
import Logging
import SocketHTTP
import Testing
import TuningAPI
import TuningModel
import TuningServer

@Suite("The server")
struct StudyServerTests {
  private func server(_ configuration: ServerConfiguration) -> StudyServer {
    StudyServer(
      configuration: configuration, studies: FailingStudies(error: StudyError(.unavailable, "")),
      access: FailingAccess(error: StudyError(.unavailable, "")), answers: nil, tuners: [],
      logger: CapturedLog().logger)
  }

  @Test(
    "It does not listen beyond the loopback interface",
    arguments: ["0.0.0.0", "::", "192.0.2.1", "example.org", "", "127.0.0.1.example.org", "::ffff:127.0.0.1"])
  func refusesOthers(_ host: String) async throws {
    let error = await #expect(throws: ServerError.self) {
      try await server(ServerConfiguration(host: host, port: 0)).start()
    }
    #expect(error == .beyondLoopback(host: host))
    #expect(error?.description.contains("--insecure") == true)
  }

  @Test("It listens beyond the loopback interface where that is allowed")
  func insecure() async throws {
    let server = server(ServerConfiguration(host: "0.0.0.0", port: 0, insecure: true))
    let address = try await server.start()
    #expect(try HTTPAnswer(try await exchange(HTTPCall("GET", "/healthz").bytes, port: address.port)).status == 200)
    await server.shutdown()
  }

  @Test(
    "It listens on loopback addresses and localhost", arguments: ["127.0.0.1", "127.1.2.3", "localhost", "LOCALHOST"])
  func loopback(_ host: String) async throws {
    let server = server(ServerConfiguration(host: host, port: 0))
    #expect(try await server.start().port != 0)
    await server.shutdown()
  }

  @Test("It starts once")
  func startsOnce() async throws {
    let server = server(ServerConfiguration(port: 0))
    _ = try await server.start()
    await #expect(throws: ServerError.alreadyStarted) { try await server.start() }
    await server.shutdown()
  }

  @Test("While it drains it hands out nothing and is not ready, but takes results")
  func drains() async throws {
    try await RunningServer.run { server in
      try await server.send(.createStudy, "/v1/studies", StatusTests.definition("one"))
      try await server.send(.ask, "/v1/studies/one/ask", [:])
      #expect(try await server.send(.getReadiness, "/readyz").status == 200)
      server.server.drain()
      #expect(try await server.send(.getReadiness, "/readyz").status == 503)
      #expect(try await server.send(.ask, "/v1/studies/one/ask", [:]).status == 503)
      #expect(try await server.send(.getHealth, "/healthz").status == 200)
      let told = try await server.send(.tell, "/v1/studies/one/trials/1/tell", ["metrics": ["loss": 1]])
      #expect(told.status == 200)
    }
  }

  @Test("A prediction whose client has closed is given up, which is no failure to log", .timeLimit(.minutes(1)))
  func clientGone() async throws {
    let studies = FailingStudies(error: StudyError(.unavailable, "Given up."), outwaitsCaller: true)
    try await RunningServer.run(studies) { server in
      let call = HTTPCall("POST", "/v1/studies/s/predict", json: ["points": [[:]]])
      let answer = try HTTPAnswer(try await exchange(call.bytes, port: server.port, isLast: true))
      #expect(answer.status == 503)
      #expect(!server.log.entries.contains { $0.message == "request failed" })
    }
  }

  @Test("Its log has one line for each request, without what the request holds")
  func logs() async throws {
    let log = CapturedLog()
    let studies = FailingStudies(error: StudyError(.storageFailed, "disk gone"))
    let server = StudyServer(
      configuration: ServerConfiguration(port: 0), studies: studies, access: FailingAccess(error: studies.error),
      answers: nil, tuners: [],
      logger: log.logger)
    let port = try await server.start().port
    let call = HTTPCall(
      "POST", "/v1/studies/private-name/trials/1/heartbeat", json: ["lease_token": "private-token"],
      headers: [("X-Request-Id", "id-1"), ("Authorization", "Bearer private-secret")])
    #expect(try HTTPAnswer(try await exchange(call.bytes, port: port)).status == 500)
    _ = try await exchange(Array("bad\r\n\r\n".utf8), port: port)
    _ = try await exchange(HTTPCall("GET", "/nowhere").bytes, port: port)
    await server.shutdown()
    let lines = log.entries.filter { $0.message == "request" }.map(\.metadata)
    #expect(lines.count == 3)
    let line = try #require(lines.first { $0["request_id"] == "id-1" })
    #expect(line["method"] == "POST")
    #expect(line["route"] == "/v1/studies/{study}/trials/{number}/heartbeat")
    #expect(line["status"] == "500")
    #expect(Double("\(try #require(line["ms"]))") != nil)
    #expect(lines.contains { $0["outcome"] == "malformed_request_line" && $0["route"] == "-" })
    let failure = try #require(log.entries.first { $0.message == "request failed" }).metadata
    #expect(failure["error"] == "disk gone")
    #expect(failure["request_id"] == "id-1")
    #expect(!"\(log.entries)".contains("private"))
  }

  @Test("What is only for the log is not answered", arguments: StudyError.Code.allCases)
  func leaksNothing(_ code: StudyError.Code) async throws {
    try await RunningServer.run(FailingStudies(error: StudyError(code, "/var/lib/secret.db"))) { server in
      let call = HTTPCall("GET", "/v1/studies/one")
      let answer = try HTTPAnswer(try await exchange(call.bytes, port: server.port))
      let internalCodes: Set<StudyError.Code> = [
        .storageFailed, .databaseInUse, .databaseNewer, .unreachable, .unexpectedAnswer,
      ]
      #expect(answer.text.contains("secret") == !internalCodes.contains(code))
      #expect(try Problem(answer: answer.body).code == code.rawValue)
    }
  }

  @Test("The tuners are told with their options")
  func tuners() async throws {
    try await RunningServer.run { server in
      let tuners = try await server.client().tuners()
      #expect(tuners == RunningServer.catalog.descriptions)
      #expect(try await server.client().stoppingRules() == RunningServer.catalog.stoppingRules)
    }
  }
}
