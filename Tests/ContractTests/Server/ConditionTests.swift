import Foundation
import Testing
import TuningAPI
import TuningModel

@Suite("Entity tags")
struct ConditionTests {
  @Test("A trial that nobody holds has a tag, by which it is not sent twice; one that is held has none")
  func trials() async throws {
    try await RunningServer.run { server in
      try await server.send(.createStudy, "/v1/studies", StatusTests.definition("s"))
      try await server.send(.ask, "/v1/studies/s/ask", [:])
      let held = try await server.send(.getTrial, "/v1/studies/s/trials/1")
      #expect(held["ETag"] == nil)
      let unread = try await server.send(.getTrial, "/v1/studies/s/trials/1", headers: [("If-None-Match", "BKQ")])
      #expect(unread.status == 400)
      let told = try await server.send(.tell, "/v1/studies/s/trials/1/tell", ["metrics": ["loss": 1]])
      let tag = try #require(told["ETag"])
      for condition in [tag, "\"9\", W/\(tag)", "*"] {
        let again = try await server.send(
          .getTrial, "/v1/studies/s/trials/1", headers: [("If-None-Match", condition)])
        #expect(again.status == 304 && again.body.isEmpty && again["ETag"] == tag)
      }
      let other = try await server.send(.getTrial, "/v1/studies/s/trials/1", headers: [("If-None-Match", "\"9\"")])
      #expect(other.status == 200)
      let malformed = try await server.send(.getTrial, "/v1/studies/s/trials/1", headers: [("If-None-Match", "9")])
      #expect(malformed.status == 400)
    }
  }

  @Test("A correction of what has changed since is stale")
  func stale() async throws {
    try await RunningServer.run { server in
      try await server.send(.createStudy, "/v1/studies", StatusTests.definition("s"))
      try await server.send(.ask, "/v1/studies/s/ask", [:])
      let told = try await server.send(.tell, "/v1/studies/s/trials/1/tell", ["metrics": ["loss": 1]])
      let tag = [("If-Match", try #require(told["ETag"]))]
      let corrected = try await server.send(
        .correctTrial, "/v1/studies/s/trials/1", ["metrics": ["loss": 2]], headers: tag)
      #expect(corrected.status == 200 && corrected["ETag"] != told["ETag"])
      let stale = try await server.send(.excludeTrial, "/v1/studies/s/trials/1", headers: tag)
      #expect(stale.status == 412)
      #expect(try stale.json["code"] == "stale")
    }
  }
}
