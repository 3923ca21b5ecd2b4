import SocketHTTP
import TuningAPI
import TuningModel

/// Access tokens and the audit: make, list, revoke; read.
struct AccessRoutes: Sendable {
  let access: any AccessGuard

  var routes: [Route] {
    [
      Route(.createToken, create), Route(.listTokens, query: PageRequest.self, list), Route(.revokeToken, revoke),
      Route(.listAudit, query: PageRequest.self, audit),
    ]
  }

  @Sendable private func create(_ request: RoutedRequest) async throws(StudyError) -> HTTPResponse {
    let wanted = try request.body(AccessTokenRequest.self)
    if request.token == nil, !wanted.scopes.contains(.admin) {
      // Otherwise nobody could make another one over the server.
      let detail = "The first token must have the scope admin: from then on nothing is answered without a token."
      throw StudyError(InvalidInput([InputMistake(pointer: "/scopes", detail: detail)]))
    }
    // Nothing between here and the client may keep the secret.
    return .json(try await access.createToken(wanted), status: .created, headers: ["Cache-Control": "no-store"])
  }

  @Sendable private func list(_: RoutedRequest, _ page: PageRequest) async throws(StudyError) -> HTTPResponse {
    .json(try await access.tokens(page))
  }

  @Sendable private func revoke(_ request: RoutedRequest) async throws(StudyError) -> HTTPResponse {
    try await access.revokeToken(request.values["token"] ?? "")
    return HTTPResponse(.noContent)
  }

  @Sendable private func audit(_: RoutedRequest, _ page: PageRequest) async throws(StudyError) -> HTTPResponse {
    .json(try await access.audit(page))
  }
}
