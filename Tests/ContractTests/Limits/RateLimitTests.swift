import HoneClient
import SocketHTTP
import Testing
import TuningAPI
import TuningModel
import TuningServer

@Suite("Limits of rate")
struct RateLimitTests {
  @Test("Who asks too often is told when to come back; others, and probes, are not held up")
  func limited() async throws {
    // In the days that the second request would have to wait, no test runs.
    try await RunningServer.run({ $0.rateLimit = RateLimit(perSecond: 1e-5, burst: 2) }) { server in
      let one = AccessTests.bearer(try await AccessTests.token(server))
      let other = AccessTests.bearer(try await AccessTests.token(server))
      for _ in 1...2 { #expect(try await server.send(.listStudies, "/v1/studies", headers: one).status == 200) }
      let refused = try await server.send(.createStudy, "/v1/studies", StatusTests.definition("a"), headers: one)
      #expect(refused.status == 429)
      #expect(try Problem(answer: refused.body).code == "rate_limited")
      #expect(refused["Retry-After"].flatMap { Int($0) } ?? 0 > 1_000)
      let list = try await server.send(.listStudies, "/v1/studies", headers: other)
      #expect(try list.json["studies"] == [])
      // Bad tokens count against the address.
      for status in [401, 401, 429, 429] {
        #expect(try await server.send(.listStudies, "/v1/studies").status == status)
      }
      #expect(try await server.send(.listTuners, "/v1/tuners", headers: other).status == 200)
      for _ in 1...3 {
        #expect(try await server.send(.getHealth, "/healthz").status == 200)
        #expect(try await server.send(.getReadiness, "/readyz").status == 200)
      }
    }
  }

  @Test("Without a limit, and below the standard one, everything is taken", arguments: [nil, RateLimit.standard])
  func unlimited(limit: RateLimit?) async throws {
    try await RunningServer.run({ $0.rateLimit = limit }) { server in
      for _ in 1...50 {
        let answer = try await server.send(.listTuners, "/v1/tuners")
        #expect(answer.status == 200)
      }
    }
  }
}
