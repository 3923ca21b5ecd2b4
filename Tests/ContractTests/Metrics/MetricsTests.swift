import Instruments
import Testing
import TuningAPI
import TuningModel

@Suite("Metrics")
struct MetricsTests {
  private func scrape(_ server: RunningServer) async throws -> ExpositionChecker {
    let answer = try await server.send(.getMetrics, "/metrics")
    #expect(answer.status == 200)
    let checker = ExpositionChecker(answer.text)
    #expect(checker.mistakes == [])
    return checker
  }

  @Test("The text keeps to the exposition format, before and after there is anything to tell")
  func format() async throws {
    try await RunningServer.run { server in
      let empty = try await scrape(server)
      #expect(empty.kinds["hone_trials"] == "gauge" && empty.kinds["hone_commit_seconds"] == "histogram")
      try await server.send(.createStudy, "/v1/studies", StatusTests.definition("one"))
      try await server.send(.ask, "/v1/studies/one/ask", [:])
      try await server.send(HTTPCall("BREW", "/coffee{\"\\\n}"))
      try await server.send(HTTPCall("BREW", "/coffee%7B%22"))
      _ = try await exchange(Array("bad\r\n\r\n".utf8), port: server.port)
      let checker = try await scrape(server)
      #expect(checker.kinds["hone_ask_seconds"] == "histogram")
      #expect(checker.samples[#"hone_build_info{version="\#(HoneVersion.current)"}"#] == 1)
      #expect(checker.samples["process_start_time_seconds{}"] ?? 0 > 1_700_000_000)
      #expect(checker.samples["hone_http_connections{}"] ?? 0 >= 1)
    }
  }

  @Test("Requests, asks and trials are counted under what they were")
  func counts() async throws {
    try await RunningServer.run { server in
      for name in ["one", "two"] { try await server.send(.createStudy, "/v1/studies", StatusTests.definition(name)) }
      try await server.send(.ask, "/v1/studies/one/ask", ["count": 2])
      try await server.send(.ask, "/v1/studies/two/ask", ["count": 1])
      try await server.send(.tell, "/v1/studies/one/trials/1/tell", ["metrics": ["loss": 1]])
      try await server.send(.getStudy, "/v1/studies/three")
      var samples = try await scrape(server).samples
      let request = "hone_http_request_seconds_count"
      #expect(samples[request + #"{method="POST",route="/v1/studies/{study}/ask",status="2xx"}"#] == 2)
      #expect(samples[request + #"{method="GET",route="/v1/studies/{study}",status="4xx"}"#] == 1)
      #expect(samples[#"hone_ask_seconds_count{tuner="uniform"}"#] == 2)
      let found = ["hit", "miss"].map {
        samples[#"hone_ready_suggestions_total{tuner="uniform",result="\#($0)"}"#] ?? 0
      }
      #expect(found.reduce(0, +) == 2)
      func trials(_ state: String) -> Double? { samples[#"hone_trials{state="\#(state)"}"#] }
      #expect(trials("running") == 2 && trials("completed") == 1 && trials("waiting") == 0)
      try await server.send(.requeue, "/v1/studies/two/trials/1/requeue", [:])
      try await server.send(.deleteStudy, "/v1/studies/one")
      samples = try await scrape(server).samples
      #expect(trials("running") == 0 && trials("completed") == 0 && trials("waiting") == 1)
      #expect(samples["hone_commit_seconds_count{}"] ?? 0 >= 6)
      #expect(samples["hone_wal_bytes{}"] ?? 0 > 0)
    }
  }

  @Test("A label never holds what a client wrote")
  func labels() async throws {
    try await RunningServer.run { server in
      for target in ["/v1/studies/private-name", "/private-name", "/v1/studies/private-name/trials/7"] {
        try await server.send(HTTPCall("GET", target))
        try await server.send(HTTPCall("PRIVATE", target))
      }
      #expect(!(try await server.send(.getMetrics, "/metrics").text).contains("rivate"))
    }
  }

  @Test("Where tokens are needed, one of one team is not enough; refusals are counted by reason")
  func access() async throws {
    try await RunningServer.run { server in
      let some = AccessTests.bearer(try await AccessTests.token(server, [.read], prefix: "a"))
      let all = AccessTests.bearer(try await AccessTests.token(server, [.read]))
      #expect(try await server.send(.getMetrics, "/metrics").status == 401)
      #expect(try await server.send(.getMetrics, "/metrics", headers: some).status == 403)
      let checker = ExpositionChecker(try await server.send(.getMetrics, "/metrics", headers: all).text)
      #expect(checker.samples[#"hone_http_refused_total{reason="unauthenticated"}"#] == 1)
      #expect(checker.samples[#"hone_http_refused_total{reason="forbidden"}"#] == 1)
    }
  }

  @Test(
    "The checker of the format knows what is wrong",
    arguments: [
      "a 1", "# HELP a b\n# TYPE a gauge\na 1\na 2\n", "# HELP a b\n# TYPE a gauge\nb 1\n",
      "# HELP a b\n# TYPE a counter\na 1\n", "# HELP a b\n# TYPE a gauge\na{b=\"c} 1\n",
      "# HELP a b\n# TYPE a gauge\na one\n", "# HELP a b\n# TYPE a_total counter\na_total 1\n",
      "# HELP a b\n# TYPE a histogram\na_bucket{le=\"1\"} 2\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 1\n",
      "# HELP a b\n# TYPE a histogram\na_bucket{le=\"1\"} 1\na_sum 1\na_count 1\n",
      "# HELP a b\n# TYPE a histogram\na_bucket{le=\"+Inf\"} 2\na_sum 1\na_count 1\n",
    ])
  func checker(text: String) { #expect(ExpositionChecker(text).mistakes != []) }
}
