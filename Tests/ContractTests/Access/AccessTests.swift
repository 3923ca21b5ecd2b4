import Foundation
import HoneClient
import Testing
import TuningAPI
import TuningModel
import TuningServer

@Suite("Access tokens")
struct AccessTests {
  static func bearer(_ token: IssuedToken) -> [(String, String)] {
    [("Authorization", "Bearer \(token.credential.text)")]
  }

  static func token(
    _ server: RunningServer, _ scopes: Set<AccessScope> = Set(AccessScope.allCases), prefix: String? = nil
  ) async throws -> IssuedToken {
    try await server.access.createToken(AccessTokenRequest(name: "t", scopes: scopes, studyPrefix: prefix))
  }

  @Test("From its first token on a server answers nothing but probes and the contract without one")
  func closes() async throws {
    try await RunningServer.run { server in
      #expect(try await server.send(.listStudies, "/v1/studies").status == 200)
      let answer = try await server.send(.createToken, "/v1/tokens", ["name": "me", "scopes": ["admin", "read"]])
      #expect(answer.status == 201)
      for operation in APIOperation.all {
        let values = StatusTests.values(operation, "one")
        let refused = try await server.send(
          operation, StatusTests.target(operation, values), ContractDocument.shared.sampleBody(of: operation))
        if operation.access == .open {
          #expect(refused.status == 200, "\(operation.id)")
        } else {
          #expect(refused.status == 401, "\(operation.id)")
          #expect(refused["WWW-Authenticate"] == "Bearer realm=\"hone\"")
          #expect(try Problem(answer: refused.body).code == "unauthenticated")
        }
      }
      // Which paths there are is in the contract, but whether this server has others is nobody's business.
      #expect(try await server.send(HTTPCall("GET", "/v1/secret")).status == 401)
      let issued = try IssuedToken(answer: answer.body)
      #expect(try await server.send(.listStudies, "/v1/studies", headers: Self.bearer(issued)).status == 200)
      #expect(try await server.send(HTTPCall("GET", "/v1/secret", headers: Self.bearer(issued))).status == 404)
    }
  }

  @Test("The first token over the server must be able to make others")
  func firstToken() async throws {
    try await RunningServer.run { server in
      let answer = try await server.send(.createToken, "/v1/tokens", ["name": "me", "scopes": ["work"]])
      #expect(answer.status == 422)
      #expect(try Problem(answer: answer.body).errors.map(\.pointer) == ["/scopes"])
      #expect(!server.access.isClosed)
    }
  }

  @Test("What was answered to one token under a key is not answered to another, nor to the same once it is revoked")
  func repeatedWrites() async throws {
    try await RunningServer.run { server in
      let (first, second) = (try await Self.token(server), try await Self.token(server))
      func create(_ token: IssuedToken) async throws -> HTTPAnswer {
        try await server.send(
          .createStudy, "/v1/studies", StatusTests.definition("s"),
          headers: Self.bearer(token) + [(IdempotencyKey.field, "k")])
      }
      #expect(try await create(first).status == 201)
      #expect(try await create(first)["Idempotency-Replayed"] == "true")
      let other = try await create(second)
      // For the second one it is a write of its own, which finds the study there.
      #expect(other.status == 200 && other["Idempotency-Replayed"] == nil)
      try await server.access.revokeToken(first.token.id)
      #expect(try await create(first).status == 401)
    }
  }

  @Test("A token may do what its scope says and nothing else", arguments: AccessScope.allCases)
  func scopes(scope: AccessScope) async throws {
    try await RunningServer.run { server in
      let token = try await Self.token(server, [scope])
      for operation in APIOperation.all {
        guard case .scopes(let scopes) = operation.access else { continue }
        let values = StatusTests.values(operation, "missing")
        let answer = try await server.send(
          operation, StatusTests.target(operation, values), ContractDocument.shared.sampleBody(of: operation),
          headers: Self.bearer(token))
        #expect((answer.status == 403) == !scopes.contains(scope), "\(operation.id)")
        #expect(answer.status != 401)
        guard answer.status == 403 else { continue }
        let names = scopes.map(\.rawValue).joined(separator: " ")
        #expect(
          answer["WWW-Authenticate"] == "Bearer realm=\"hone\", error=\"insufficient_scope\", scope=\"\(names)\"")
        let problem = try Problem(answer: answer.body)
        #expect(problem.code == "forbidden")
        #expect(scopes.allSatisfy { problem.detail.contains($0.rawValue) })
      }
    }
  }

  @Test("A token limited to a prefix sees no other studies, and not whether there are any")
  func prefix() async throws {
    try await RunningServer.run { server in
      let all = Self.bearer(try await Self.token(server))
      let rights: Set<AccessScope> = [.read, .work, .write]
      let some = Self.bearer(try await Self.token(server, rights, prefix: "vision-"))
      for name in ["audio", "vision", "vision-", "vision-1", "vision-b", "vision.c", "visionx", "zoo"] {
        try await server.send(.createStudy, "/v1/studies", StatusTests.definition(name), headers: all)
      }
      let other = try await server.send(.createStudy, "/v1/studies", StatusTests.definition("audio-2"), headers: some)
      #expect(other.status == 403)
      let own = try await server.send(.createStudy, "/v1/studies", StatusTests.definition("vision-c"), headers: some)
      #expect(own.status == 201)
      for name in ["audio", "nothing", "vision", "Vision-1"] {
        #expect(try await server.send(.getStudy, "/v1/studies/\(name)", headers: some).status == 403)
        #expect(try await server.send(.deleteStudy, "/v1/studies/\(name)", headers: some).status == 403)
      }
      #expect(try await server.send(.getStudy, "/v1/studies/vision-1", headers: some).status == 200)
      #expect(try await server.send(.getStudy, "/v1/studies/vision-9", headers: some).status == 404)
      var names: [String] = []
      var query = "?page_size=2"
      while true {
        let page = try await server.send(.listStudies, "/v1/studies" + query, headers: some).json
        names += (page["studies"]?.elements ?? []).compactMap { $0["name"]?.string }
        guard let next = page["next_page_token"]?.string else { break }
        query = "?page_size=2&page_token=\(next)"
      }
      #expect(names == ["vision-", "vision-1", "vision-b", "vision-c"])
      let outside = try await server.send(.listStudies, "/v1/studies?page_token=a", headers: some).json
      #expect(outside["studies"] == [])
    }
  }

  @Test(
    "What is no good token is refused",
    arguments: [
      "Bearer", "Bearer ", "Basic aG9uZQ==", "Bearer hone_0123456789abcdef", "hone", "Bearer hone__",
      "Bearer hone_0123456789abcdef_" + String(repeating: "0", count: 64),
      "Bearer HONE_0123456789abcdef_" + String(repeating: "0", count: 64), "Bearer a b",
    ])
  func malformed(field: String) async throws {
    try await RunningServer.run { server in
      _ = try await Self.token(server)
      let answer = try await server.send(.listStudies, "/v1/studies", headers: [("Authorization", field)])
      #expect(answer.status == 401)
      #expect(answer["WWW-Authenticate"] == "Bearer realm=\"hone\", error=\"invalid_token\"")
    }
  }

  @Test("A wrong secret, a token that was revoked and two tokens at once are refused")
  func refused() async throws {
    try await RunningServer.run { server in
      let token = try await Self.token(server)
      let spare = try await Self.token(server)
      func status(_ headers: [(String, String)]) async throws -> Int {
        try await server.send(.listStudies, "/v1/studies", headers: headers).status
      }
      #expect(try await status(Self.bearer(token)) == 200)
      #expect(try await status([("Authorization", "bEARER \(token.credential.text)")]) == 200)
      #expect(try await status(Self.bearer(token) + Self.bearer(spare)) == 401)
      let swapped = AccessCredential(id: token.credential.id, secret: spare.credential.secret)
      #expect(try await status([("Authorization", "Bearer \(swapped.text)")]) == 401)
      try await server.send(.revokeToken, "/v1/tokens/\(token.token.id)", headers: Self.bearer(spare))
      #expect(try await status(Self.bearer(token)) == 401)
      try await server.send(.revokeToken, "/v1/tokens/\(spare.token.id)", headers: Self.bearer(spare))
      // What was closed does not open by itself.
      #expect(try await status([]) == 401)
      #expect(server.access.isClosed)
    }
  }

  @Test("Without tokens a request for another host is refused, so that no page on the web can have one sent")
  func rebinding() async throws {
    try await RunningServer.run({ $0.allowedHosts = ["hone.internal"] }) { server in
      for host in ["localhost", "LOCALHOST:1", "127.0.0.1:\(server.port)", "[::1]:80", "hone.internal:8080"] {
        var call = HTTPCall("GET", "/v1/studies")
        call.host = host
        #expect(try await server.send(call).status == 200, "\(host)")
      }
      for host in ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80", "10.0.0.7", "hone.internal."]
      {
        var call = HTTPCall("GET", "/v1/studies")
        call.host = host
        let answer = try await server.send(call)
        #expect(answer.status == 421, "\(host)")
        #expect(try Problem(answer: answer.body).code == "misdirected_request")
        call.target = "/healthz"
        #expect(try await server.send(call).status == 200)
      }
      let absolute = HTTPCall("GET", "http://evil.example/v1/studies")
      #expect(try HTTPAnswer(try await exchange(absolute.bytes, port: server.port)).status == 421)
      let token = try await Self.token(server)
      var call = HTTPCall("GET", "/v1/studies", headers: Self.bearer(token))
      call.host = "hone.example"
      #expect(try await server.send(call).status == 200)
    }
  }

  @Test("Beyond the loopback interface addresses in digits will do, and other names will not")
  func reachable() async throws {
    try await RunningServer.run({
      $0.host = "0.0.0.0"; $0.insecure = true
    }) { server in
      for (host, status) in [("10.0.0.7:8080", 200), ("[fe80::1]", 200), ("0.0.0.0", 200), ("evil.example", 421)] {
        var call = HTTPCall("GET", "/v1/studies")
        call.host = host
        let answer = try await server.send(call)
        #expect(answer.status == status, "\(host)")
      }
    }
  }

  @Test("No secret is in the log, in an answer but the one that makes it, or in the database")
  func secrets() async throws {
    try await RunningServer.run { server in
      let token = try await Self.token(server)
      let secret = token.credential.secret
      let made = try await server.send(
        .createToken, "/v1/tokens", ["name": "w", "scopes": ["work"]], headers: Self.bearer(token))
      let other = try IssuedToken(answer: made.body)
      #expect(made["Cache-Control"] == "no-store")
      var texts: [String] = []
      for operation in APIOperation.all {
        for headers in [Self.bearer(token), Self.bearer(other), [("Authorization", "Basic \(token.credential.text)")]] {
          for place in ["one", token.credential.text] {
            let values = StatusTests.values(operation, place)
            if operation == .createToken { continue }
            let answer = try await server.send(operation, StatusTests.target(operation, values), nil, headers: headers)
            // A path that names a secret is its sender's own mistake; the message about it may repeat it to no one else.
            if place == "one" { texts.append(answer.text + "\(answer.headers)") }
          }
        }
      }
      await server.server.shutdown()
      texts += server.log.entries.map { "\($0.message) \($0.metadata)" }
      #expect(texts.count > 20)
      #expect(texts.contains { $0.contains(token.token.id) })
      for text in texts {
        #expect(!text.contains(secret) && !text.contains(other.credential.secret), "\(text)")
      }
      for file in try FileManager.default.contentsOfDirectory(atPath: server.folder) {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: server.folder + "/" + file))
        #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(file)")
        #expect(bytes.range(of: Data(other.credential.secret.utf8)) == nil, "\(file)")
      }
      #expect("\(token)".contains(token.token.id))
      for text in ["\(token)", String(reflecting: token), "\(token.credential)"] { #expect(!text.contains(secret)) }
    }
  }

  @Test("The audit names who did what, in which request")
  func audit() async throws {
    try await RunningServer.run { server in
      try await server.send(
        .createStudy, "/v1/studies", StatusTests.definition("one"), headers: [("X-Request-Id", "r1")])
      let token = try await Self.token(server)
      func bearer(_ id: String) -> [(String, String)] { Self.bearer(token) + [("X-Request-Id", id)] }
      try await server.send(.createStudy, "/v1/studies", StatusTests.definition("one"), headers: bearer("r2"))
      try await server.send(.updateStudy, "/v1/studies/one", ["state": "paused"], headers: bearer("r3"))
      try await server.send(.deleteStudy, "/v1/studies/one", headers: bearer("r4"))
      try await server.send(.revokeToken, "/v1/tokens/0123456789abcdef", headers: bearer("r5"))
      let client = try server.client(token: token.credential.text)
      let entries = try await client.audit(PageRequest()).elements
      #expect(entries.map(\.number) == [4, 3, 2, 1])
      #expect(entries.map(\.action) == [.studyDeleted, .studyUpdated, .tokenCreated, .studyCreated])
      #expect(entries.map(\.subject) == ["one", "one", token.token.id, "one"])
      let id = token.token.id
      #expect(
        entries.map(\.caller) == [
          Caller(.token, tokenID: id, requestID: "r4"), Caller(.token, tokenID: id, requestID: "r3"), Caller(.local),
          Caller(.anonymous, requestID: "r1"),
        ])
      let page = try await client.audit(PageRequest(size: 3))
      #expect(page.elements.map(\.number) == [4, 3, 2])
      #expect(try await client.audit(PageRequest(size: 3, token: page.nextToken)).elements.map(\.number) == [1])
    }
  }

  @Test("Server, client and engine treat tokens alike")
  func client() async throws {
    try await RunningServer.run { server in
      let issued = try await server.client().createToken(AccessTokenRequest(name: "me", scopes: [.admin]))
      let client = try server.client(token: issued.credential.text)
      let request = AccessTokenRequest(
        name: "w", scopes: [.work, .read], studyPrefix: "v", expiresAt: Timestamp(milliseconds: 4_000_000_000_000))
      let worker = try await client.createToken(request)
      try await client.revokeToken(worker.token.id)
      try await client.revokeToken(worker.token.id)
      let listed = try await client.tokens(PageRequest()).elements
      #expect(listed == (try await server.access.tokens(PageRequest()).elements))
      #expect(listed.map(\.name) == ["me", "w"])
      #expect(listed[1].revokedAt != nil && listed[1].expiresAt == request.expiresAt)
      #expect(listed[0].lastUsedAt != nil)
      let first = try await client.tokens(PageRequest(size: 1))
      #expect(try await client.tokens(PageRequest(size: 1, token: first.nextToken)).elements.map(\.name) == ["w"])
      #expect(await error { _ = try await client.revokeToken("0") }?.code == .tokenNotFound)
      #expect(await error { _ = try await client.studies(PageRequest()) }?.code == .forbidden)
      let nobody = try server.client()
      #expect(await error { _ = try await nobody.studies(PageRequest()) }?.code == .unauthenticated)
      for bad in [
        AccessTokenRequest(name: "a b", scopes: [.read]), AccessTokenRequest(name: "a", scopes: []),
        AccessTokenRequest(name: "a", scopes: [.admin], studyPrefix: "v"),
        AccessTokenRequest(name: "a", scopes: [.read], studyPrefix: ""),
        AccessTokenRequest(name: "a", scopes: [.read], expiresAt: Timestamp(milliseconds: 0)),
      ] {
        let remote = await error { _ = try await client.createToken(bad) }
        let local = await error { _ = try await server.access.createToken(bad) }
        #expect(remote?.code == .invalid)
        #expect(remote?.mistakes.map(\.pointer) == local?.mistakes.map(\.pointer))
      }
    }
  }
}
