import Foundation
import SocketHTTP
import Testing
import TuningAPI
import TuningModel
import TuningServer

@Suite("The server as HTTP")
struct TransportTests {
  private func code(_ answer: HTTPAnswer) throws -> String { try Problem(answer: answer.body).code }

  @Test("A path that is not there is 404 with its own code", arguments: ["/", "/v2/studies", "/v1/studies/", "/v1"])
  func unknownPath(_ target: String) async throws {
    try await RunningServer.run { server in
      let answer = try await server.send(HTTPCall("GET", target))
      #expect(answer.status == 404)
      #expect(try code(answer) == "not_found")
    }
  }

  @Test("A method that a path does not know is 405 with those it does")
  func unknownMethod() async throws {
    try await RunningServer.run { server in
      for (method, target, allowed) in [
        ("PUT", "/v1/studies", "GET, HEAD, POST"), ("POST", "/v1/studies/a", "DELETE, GET, HEAD, PATCH"),
        ("GET", "/v1/studies/a/ask", "POST"), ("DELETE", "/healthz", "GET, HEAD"),
        ("OPTIONS", "/v1/tuners", "GET, HEAD"),
      ] {
        let answer = try await server.send(HTTPCall(method, target))
        #expect(answer.status == 405)
        #expect(answer["Allow"] == allowed)
        #expect(try code(answer) == "method_not_allowed")
      }
    }
  }

  @Test("HEAD answers like GET, without the body", arguments: ["/healthz", "/readyz", "/openapi.yaml", "/v1/studies"])
  func head(_ target: String) async throws {
    try await RunningServer.run { server in
      let get = try await server.send(HTTPCall("GET", target))
      let head = try await server.send(HTTPCall("HEAD", target))
      #expect(head.status == 200)
      #expect(head.body == [])
      #expect(head["Content-Length"] == get["Content-Length"])
      #expect(head["Content-Type"] == get["Content-Type"])
    }
  }

  @Test("The client's request id is kept where it is sane, else replaced")
  func requestIDs() async throws {
    try await RunningServer.run { server in
      for target in ["/healthz", "/v1/studies", "/nowhere"] {
        let kept = try await server.send(HTTPCall("GET", target, headers: [("X-Request-Id", "run-7.a_B")]))
        #expect(kept["X-Request-Id"] == "run-7.a_B")
        for odd in ["two words", "\"quoted\"", String(repeating: "a", count: 129), "é"] {
          let replaced = try await server.send(HTTPCall("GET", target, headers: [("X-Request-Id", odd)]))
          #expect(replaced["X-Request-Id"] != odd)
        }
      }
      let one = try await server.send(HTTPCall("GET", "/healthz"))
      let other = try await server.send(HTTPCall("GET", "/healthz"))
      #expect(one["X-Request-Id"] != other["X-Request-Id"])
    }
  }

  /// What the HTTP layer itself refuses, with the status and code of the answer.
  static let refusals: [(String, Int, String)] = [
    ("GET / HTTP/1.1\r\n\r\n", 400, "bad_request"),
    ("GET /v1/studies/%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad_request"),
    ("nonsense\r\n\r\n", 400, "bad_request"),
    ("GET /" + String(repeating: "a", count: 9_000) + " HTTP/1.1\r\nHost: a\r\n\r\n", 414, "uri_too_long"),
    (
      "GET / HTTP/1.1\r\nHost: a\r\nX-A: " + String(repeating: "a", count: 20_000) + "\r\n\r\n", 431,
      "header_fields_too_large"
    ),
    ("GET / HTTP/1.1\r\nHost: a\r\nExpect: a miracle\r\n\r\n", 417, "expectation_failed"),
    ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n", 413, "content_too_large"),
    ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501, "not_implemented"),
    ("GET / HTTP/9.9\r\nHost: a\r\n\r\n", 505, "http_version_not_supported"),
    ("GET / HTTP/1.1\r\nHost: a\r\nX-Unfinished: ", 408, "request_timeout"),
  ]

  @Test("What the HTTP layer refuses is a problem document too", arguments: refusals)
  func transportProblems(text: String, status: Int, code: String) async throws {
    try await RunningServer.run({ configuration in
      configuration.deadlines.head = .milliseconds(50)
      configuration.deadlines.sweep = .milliseconds(10)
    }) { server in
      let answer = try HTTPAnswer(try await exchange(Array(text.utf8), port: server.port))
      #expect(answer.status == status)
      #expect(answer["Content-Type"] == Problem.mediaType)
      #expect(try self.code(answer) == code)
      #expect(answer["X-Request-Id"] == (try Problem(answer: answer.body).requestID))
      let listed = ContractDocument.shared.root["x-transport-answers"]?.elements ?? []
      #expect(listed.contains { $0["status"] == .integer(status) && $0["code"] == .string(code) })
    }
  }

  @Test("A content type may have parameters and any case")
  func contentTypes() async throws {
    try await RunningServer.run { server in
      for type in ["application/json; charset=utf-8", "Application/JSON", "application/json ;charset=UTF-8"] {
        let body = StatusTests.definition("typed").bytes
        let answer = try await server.send(
          HTTPCall("POST", "/v1/studies", headers: [("Content-Type", type)], body: body))
        #expect([200, 201].contains(answer.status))
      }
    }
  }

  @Test("If-Match may name several revisions")
  func severalTags() async throws {
    try await RunningServer.run { server in
      try await server.send(.createStudy, "/v1/studies", StatusTests.definition("one"))
      let labels: JSONValue = ["labels": ["a": "b"]]
      let fits = try await server.send(.updateStudy, "/v1/studies/one", labels, headers: [("If-Match", "\"7\", \"0\"")])
      #expect(fits.status == 200)
      #expect(fits["ETag"] == "\"1\"")
      let misfits = try await server.send(
        .updateStudy, "/v1/studies/one", ["labels": [:]], headers: [("If-Match", "\"7\", W/\"1\", \"x\"")])
      #expect(misfits.status == 412)
      let weak = try await server.send(
        .deleteStudy, "/v1/studies/one", nil, headers: [("If-Match", "W/\"1\"")])
      #expect(weak.status == 412)
    }
  }
}
