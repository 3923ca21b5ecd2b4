import Foundation
import HoneClient
import SocketHTTP
import Testing
import TuningAPI
import TuningModel

@Suite("The remote client")
struct RemoteStudyClientTests {
  static let quick = RetryPolicy(attempts: 3, firstPause: .milliseconds(1), longestPause: .milliseconds(2))

  /// Answers each request with the next of these, then with the last again and again, and counts them.
  private final class Script: @unchecked Sendable {
    private let lock = NSLock()
    private var answers: [HTTPResponse]
    private var received: [HTTPRequest] = []

    init(_ answers: [HTTPResponse]) { self.answers = answers }

    var requests: [HTTPRequest] { lock.withLock { received } }

    func next(_ request: HTTPRequest) -> HTTPResponse {
      lock.withLock {
        received.append(request)
        return answers.count > 1 ? answers.removeFirst() : answers[0]
      }
    }
  }

  private func withScript(
    _ answers: [HTTPResponse], token: String? = nil, retries: RetryPolicy = quick,
    _ body: (RemoteStudyClient, Script) async throws -> Void
  ) async throws {
    let script = Script(answers)
    let server = try HTTPServer.start { script.next($0) }
    let url = try #require(URL(string: "http://\(server.address)/base/"))
    try await body(RemoteStudyClient(server: url, token: token, retries: retries), script)
    await server.shutdown(grace: .zero)
  }

  private func json(_ status: Int, _ json: JSONValue, _ type: String = "application/json") -> HTTPResponse {
    HTTPResponse(HTTPStatus(status), headers: ["Content-Type": type], body: .bytes(json.bytes))
  }

  private var busy: HTTPResponse {
    json(503, Problem(StudyError(.unavailable, "Busy."), status: 503, requestID: "r").json, Problem.mediaType)
  }

  @Test("What came too fast is sent again, whatever it is, since nothing of it was done")
  func rateLimited() async throws {
    let error = StudyError(.rateLimited, "Slower.")
    var refusal = json(429, Problem(error, status: 429, requestID: "r").json, Problem.mediaType)
    refusal.headers["Retry-After"] = "1"
    let foreign = HTTPResponse.text(.tooManyRequests, "Slower.")
    try await withScript([refusal, foreign, HTTPResponse(.noContent)]) { client, script in
      try await client.delete("one", revision: nil)
      #expect(script.requests.count == 3)
    }
    try await withScript([refusal]) { client, script in
      #expect(await self.code { try await client.delete("one", revision: nil) } == .rateLimited)
      #expect(script.requests.count == 3)
    }
  }

  private func code(_ body: () async throws -> Void) async -> StudyError.Code? { await error(body)?.code }

  @Test("Where nobody listens, the error names the address and what to do")
  func unreachable() async throws {
    let server = try HTTPServer.start { _ in HTTPResponse() }
    let address = server.address
    await server.shutdown(grace: .zero)
    let client = RemoteStudyClient(server: try #require(URL(string: "http://\(address)")), retries: Self.quick)
    let error = await error { _ = try await client.study("one") }
    #expect(error?.code == .unreachable)
    #expect(error?.message.contains("http://\(address)") == true)
    #expect(error?.message.contains("hone serve") == true)
  }

  @Test("What may be repeated is sent again while the server is busy")
  func repeats() async throws {
    let trial = ProblemTests.trial
    let study = try StudyDefinition(
      "one", space: try SearchSpace([Parameter("x", .float(FloatDomain(0, 1)))]),
      objectives: [Objective("loss", .minimise)])
    let summary = StudySummary(
      Study(definition: study, seed: 1, tunerName: "uniform", createdAt: Timestamp(milliseconds: 0)), counts: [:])
    let repeated: [(JSONValue, (RemoteStudyClient) async throws -> Void)] = [
      (summary.json, { client in _ = try await client.study("one") }),
      (
        ["trials": [], "study_state": "active"],
        { client in _ = try await client.ask("one", AskRequest(worker: "w")) }
      ),
    ]
    for (answer, call) in repeated {
      try await withScript([busy, busy, json(200, answer)]) { client, script in
        #expect(await error { try await call(client) } == nil)
        #expect(script.requests.count == 3)
      }
    }
    try await withScript([json(200, summary.json), busy, json(200, trial.json)]) { client, script in
      _ = try await client.study("one")
      _ = try await client.tell("one", 3, .metrics(["loss": 1]))
      #expect(script.requests.count == 3)
    }
  }

  @Test("Every write is sent again under the same key, and every write has a key of its own")
  func keys() async throws {
    let calls: [(RemoteStudyClient) async throws -> Void] = [
      { client in _ = try await client.ask("one", AskRequest()) },
      { client in _ = try await client.requeue("one", 1, leaseToken: nil, reason: nil) },
      { client in try await client.delete("one", revision: 3) },
      { client in _ = try await client.update("one", StudyPatch(), revision: nil) },
      { client in _ = try await client.tell("one", [ToldResult(1, .metrics([:]))]) },
      { client in _ = try await client.enqueue("one", [EnqueuedTrial([:])]) },
      { client in _ = try await client.correct("one", 1, .failed(reason: nil), revision: nil) },
      { client in _ = try await client.exclude("one", 1, revision: nil) },
    ]
    var keys: Set<String> = []
    for call in calls {
      try await withScript([busy]) { client, script in
        #expect(await error { try await call(client) } == StudyError(.unavailable, "Busy."))
        let sent = Set(script.requests.map { $0.headers["Idempotency-Key"] ?? "" })
        #expect(script.requests.count == 3 && sent.count == 1 && sent != [""])
        keys.formUnion(sent)
      }
    }
    #expect(keys.count == calls.count)
  }

  @Test("What may not be repeated is sent once")
  func sendsOnce() async throws {
    try await withScript([busy]) { client, script in
      #expect(await error { _ = try await client.predict("one", at: [[:]]) } == StudyError(.unavailable, "Busy."))
      #expect(script.requests.count == 1 && script.requests[0].headers["Idempotency-Key"] == nil)
    }
  }

  @Test("After its attempts the client gives up with the server's error")
  func givesUp() async throws {
    try await withScript([busy]) { client, script in
      #expect(
        await error { _ = try await client.study("one") } == StudyError(.unavailable, "Busy."))
      #expect(script.requests.count == 3)
    }
  }

  @Test("Other errors are not repeated")
  func repeatsNothingElse() async throws {
    let problem = Problem(StudyError(.studyNotFound, "No."), status: 404, requestID: nil)
    try await withScript([json(404, problem.json, Problem.mediaType)]) { client, script in
      #expect(await error { _ = try await client.study("one") }?.code == .studyNotFound)
      #expect(script.requests.count == 1)
    }
  }

  @Test("The server's own pause is kept, up to the longest")
  func pauses() {
    let policy = RetryPolicy(attempts: 5, firstPause: .milliseconds(100), longestPause: .seconds(5))
    for attempt in 1...4 {
      let backoff = Duration.milliseconds(100) * (1 << (attempt - 1))
      let pause = policy.pause(after: attempt, askedFor: nil)
      #expect(pause >= backoff * 0.75 && pause <= backoff * 1.25)
    }
    #expect(policy.pause(after: 1, askedFor: 3) == .seconds(3))
    #expect(policy.pause(after: 1, askedFor: 3_000) == .seconds(5))
    #expect(policy.pause(after: 1_000, askedFor: nil) == .seconds(5))
  }

  @Test("What is not Hone's answer is an unexpected one")
  func notHone() async throws {
    let answers = [
      HTTPResponse.text(.ok, "<html>Welcome</html>"), json(200, ["name": "one"]), HTTPResponse.text(.notFound, "nginx"),
      HTTPResponse(HTTPStatus(302), headers: ["Location": "http://192.0.2.1/"]), json(500, [:], Problem.mediaType),
    ]
    for answer in answers {
      try await withScript([answer]) { client, _ in
        #expect(await error { _ = try await client.study("one") }?.code == .unexpectedAnswer)
      }
    }
  }

  @Test("What a proxy answers for a server that is away counts as busy")
  func proxies() async throws {
    for status in [502, 503, 504] {
      try await withScript([HTTPResponse.text(HTTPStatus(status), "away")]) { client, script in
        #expect(await error { _ = try await client.study("one") }?.code == .unavailable)
        #expect(script.requests.count == 3)
      }
    }
  }

  @Test("Requests carry path, token, revision and a decoded name")
  func requests() async throws {
    try await withScript([HTTPResponse(.noContent)], token: "hone_a_b") { client, script in
      try await client.delete("a/b ü", revision: 4)
      let request = try #require(script.requests.first)
      #expect(request.segments == ["base", "v1", "studies", "a/b ü"])
      #expect(request.headers["Authorization"] == "Bearer hone_a_b")
      #expect(request.headers["If-Match"] == "\"4\"")
    }
  }

  @Test("A study that was made anew under its name is read again")
  func staleSpace() async throws {
    try await RunningServer.run { server in
      let client = try server.client()
      let other = try server.client()
      func definition(_ parameter: String) throws -> StudyDefinition {
        try StudyDefinition(
          "one", space: try SearchSpace([Parameter(parameter, .float(FloatDomain(1, 1)))]),
          objectives: [Objective("loss", .minimise)])
      }
      _ = try await client.create(try definition("x"))
      #expect(try await client.ask("one", AskRequest()).trials.map(\.parameters) == [["x": .float(1)]])
      try await other.delete("one", revision: nil)
      _ = try await other.create(try definition("y"))
      #expect(try await client.ask("one", AskRequest()).trials.map(\.parameters) == [["y": .float(1)]])
    }
  }

  @Test("A server that stays silent too long counts as out of reach")
  func timeout() async throws {
    let server = try HTTPServer.start { _ in
      try? await Task.sleep(for: .seconds(3_600))
      return HTTPResponse()
    }
    let client = RemoteStudyClient(
      server: try #require(URL(string: "http://\(server.address)")), timeout: .milliseconds(100), retries: .never)
    let error = await error { _ = try await client.study("one") }
    #expect(error?.code == .unreachable)
    #expect(error?.message.contains("took too long") == true)
    await server.shutdown(grace: .zero)
  }

  @Test("A cancelled task ends its request")
  func cancelled() async throws {
    let arrived = AsyncStream<Void>.makeStream()
    let server = try HTTPServer.start { _ in
      arrived.continuation.yield()
      // The task ends when its client is gone.
      try? await Task.sleep(for: .seconds(3_600))
      return HTTPResponse()
    }
    let client = RemoteStudyClient(server: try #require(URL(string: "http://\(server.address)")), retries: Self.quick)
    let task = Task { await error { _ = try await client.study("one") } }
    for await _ in arrived.stream { break }
    task.cancel()
    #expect(await task.value?.code == .unavailable)
    await server.shutdown(grace: .zero)
  }
}
