import Testing
import TuningAPI
import TuningModel

@Suite("Bad input")
struct RefusalTests {
  struct Bad: Sendable, CustomTestStringConvertible {
    var name: String
    var operation: APIOperation
    var target: String
    var body: String
    var contentType = "application/json"
    var status: Int
    var code: String
    var pointers: [String] = []

    var testDescription: String { name }
  }

  static func definition(_ parameters: String, _ more: String = "") -> String {
    "{\"name\": \"bad\", \"parameters\": [\(parameters)], "
      + "\"objectives\": [{\"metric\": \"loss\", \"goal\": \"minimize\"}]\(more)}"
  }

  static let sound = #"{"name": "x", "type": "float", "low": 0, "high": 1}"#

  static let definitions: [(String, String, Int, String, [String])] = [
    (
      "low above high", definition(#"{"name": "x", "type": "float", "low": 2, "high": 1}"#), 422, "invalid",
      ["/parameters/0/low"]
    ),
    (
      "unknown type", definition(#"{"name": "x", "type": "complex", "low": 0, "high": 1}"#), 422, "invalid",
      ["/parameters/0/type"]
    ),
    ("no parameters", definition(""), 422, "invalid", ["/parameters"]),
    (
      "several at once", definition(#"{"name": "x", "type": "int", "low": 0.5, "high": "1"}"#, #", "colour": 1"#), 400,
      "malformed", ["/parameters/0/low", "/parameters/0/high", "/colour"]
    ),
    ("unknown field", definition(sound, #", "colour": "red""#), 400, "malformed", ["/colour"]),
    (
      "unknown field deep down", definition(#"{"name": "x", "type": "float", "low": 0, "high": 1, "width": 2}"#), 400,
      "malformed", ["/parameters/0/width"]
    ),
    (
      "default outside the range",
      definition(#"{"name": "x", "type": "float", "low": 0, "high": 1, "default": 2}"#), 422, "invalid",
      ["/parameters/0/default"]
    ),
    (
      "constraint that nothing satisfies", definition(sound, #", "parameter_constraints": ["x >= 2"]"#), 422, "invalid",
      ["/parameter_constraints/0"]
    ),
    ("no such tuner", definition(sound, #", "tuner": {"name": "oracle"}"#), 422, "unsupported", ["/tuner/name"]),
    (
      "tuner option out of range", definition(sound, #", "tuner": {"name": "uniform", "share": 2}"#), 422, "invalid",
      ["/tuner/share"]
    ),
    (
      "a wait too long", definition(sound, #", "tuner": {"name": "uniform", "max_wait_ms": 600001}"#), 422, "invalid",
      ["/tuner/max_wait_ms"]
    ),
    (
      "no such stopping rule", definition(sound, #", "stopping": {"name": "hope"}"#), 422, "unsupported",
      ["/stopping/name"]
    ),
    ("a stopping rule without a name", definition(sound, #", "stopping": {}"#), 400, "malformed", ["/stopping/name"]),
    (
      "stopping option out of range", definition(sound, #", "stopping": {"name": "asha", "reduction_factor": 1}"#), 422,
      "invalid", ["/stopping/reduction_factor"]
    ),
    (
      "a step of nothing and a default on it",
      definition(#"{"name": "x", "type": "int", "low": 0, "high": 0, "step": 0, "default": 0}"#), 422, "invalid",
      ["/parameters/0/step"]
    ),
    (
      "a default in an empty range", definition(#"{"name": "x", "type": "int", "low": 3, "high": 1, "default": 2}"#),
      422, "invalid", ["/parameters/0/low"]
    ),
    ("null", definition(sound, #", "noise": null"#), 422, "invalid", ["/noise"]),
    ("not JSON", "lr = 0.1", 400, "malformed", []),
    ("half of JSON", "{\"name\": ", 400, "malformed", []),
    ("an array", "[]", 400, "malformed", [""]),
    ("nothing", "", 400, "malformed", []),
    ("deep nesting", String(repeating: "[", count: 100_000), 400, "malformed", []),
  ]

  static let cases: [Bad] =
    definitions.map {
      Bad(
        name: $0.0, operation: .createStudy, target: "/v1/studies", body: $0.1, status: $0.2, code: $0.3,
        pointers: $0.4)
    } + [
      Bad(
        name: "unknown trial", operation: .tell, target: "/v1/studies/kept/trials/99/tell",
        body: #"{"metrics": {"loss": 1}}"#, status: 404, code: "trial_not_found"),
      Bad(
        name: "unknown study", operation: .ask, target: "/v1/studies/lost/ask", body: "{}", status: 404,
        code: "study_not_found"),
      Bad(
        name: "missing metric", operation: .tell, target: "/v1/studies/kept/trials/1/tell",
        body: #"{"metrics": {"accuracy": 1}}"#, status: 422, code: "invalid", pointers: ["/metrics/loss"]),
      Bad(
        name: "a parameter told as a field", operation: .tell, target: "/v1/studies/kept/trials/1/tell",
        body: #"{"metrics": {"loss": 1}, "parameters": {"x": 7}}"#, status: 400, code: "malformed",
        pointers: ["/parameters"]),
      Bad(
        name: "lease of nobody", operation: .heartbeat, target: "/v1/studies/kept/trials/1/heartbeat",
        body: #"{"lease_token": "mine"}"#, status: 409, code: "lease_lost"),
      Bad(
        name: "half a trial", operation: .ask, target: "/v1/studies/kept/ask", body: #"{"count": 0.5}"#, status: 400,
        code: "malformed", pointers: ["/count"]),
      Bad(
        name: "points outside the space", operation: .predict, target: "/v1/studies/kept/predict",
        body: #"{"points": [{"x": 0.5}, {"x": 7}, {}, {"x": 0, "y": 1}]}"#, status: 422, code: "invalid",
        pointers: ["/points/1/x", "/points/2/x", "/points/3/y"]),
      Bad(
        name: "a point that is none", operation: .predict, target: "/v1/studies/kept/predict",
        body: #"{"points": [3]}"#, status: 400, code: "malformed", pointers: ["/points/0"]),
      Bad(
        name: "unknown state", operation: .updateStudy, target: "/v1/studies/kept", body: #"{"state": "asleep"}"#,
        status: 422, code: "invalid", pointers: ["/state"]),
      Bad(
        name: "2 MB", operation: .createStudy, target: "/v1/studies",
        body: definition(sound, #", "labels": {"a": ""# + String(repeating: "a", count: 2_000_000) + #""}"#),
        status: 413,
        code: "content_too_large"),
      Bad(
        name: "a form", operation: .ask, target: "/v1/studies/kept/ask", body: "count=1",
        contentType: "application/x-www-form-urlencoded", status: 415, code: "unsupported_media_type"),
      Bad(
        name: "JSON by another name", operation: .ask, target: "/v1/studies/kept/ask", body: "{}",
        contentType: "application/jsonp", status: 415, code: "unsupported_media_type"),
    ]

  @Test("Of very many mistakes the first are told and the others counted")
  func manyMistakes() async throws {
    let choices = String(repeating: "null,", count: 150_000) + "1"
    let text = Self.definition(#"{"name": "x", "type": "categorical", "choices": [\#(choices)]}"#)
    try await RunningServer.run { server in
      let answer = try await server.send(.createStudy, "/v1/studies", try JSONValue(text: text))
      #expect(answer.status == 400)
      let errors = try Problem(answer: answer.body).errors
      #expect(errors.count == InvalidInput.limit + 1)
      #expect(errors.last?.detail == "And 149900 more mistakes.")
    }
  }

  @Test("Bad input is refused with a clear problem, and changes nothing", arguments: cases)
  func refused(_ bad: Bad) async throws {
    try await RunningServer.run { server in
      try await server.send(
        .createStudy, "/v1/studies", try JSONValue(text: Self.definition(Self.sound).replacingName("kept")))
      try await server.send(.ask, "/v1/studies/kept/ask", ["worker": "w"])
      let before = try await server.everything()
      let answer = try await server.send(
        HTTPCall(
          bad.operation.method, bad.target, headers: [("Content-Type", bad.contentType)], body: Array(bad.body.utf8)))
      #expect(answer.status == bad.status)
      #expect(answer["Content-Type"] == Problem.mediaType)
      let problem = try Problem(answer: answer.body)
      #expect(problem.code == bad.code)
      #expect(problem.errors.map(\.pointer) == bad.pointers)
      #expect(!problem.detail.isEmpty)
      #expect(try await server.everything() == before)
    }
  }
}

extension String {
  fileprivate func replacingName(_ name: String) -> String {
    replacing("\"name\": \"bad\"", with: "\"name\": \"\(name)\"")
  }
}
