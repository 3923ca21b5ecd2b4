import Logging
import SocketHTTP
import TuningAPI
import TuningModel

/// Answers requests: finds the route, lets it answer, and turns what goes wrong into a problem document.
struct Responder: Sendable {
  let router: Router
  let gatekeeper: Gatekeeper
  let limiter: RateLimiter?
  let logger: Logger
  /// Who knows writes again; `nil` where no answers are kept.
  let repeats: RepeatedWrites?

  /// The answer to a request.
  func answer(_ request: HTTPRequest) async -> HTTPResponse {
    let id = RequestID.of(request)
    let match = router.match(request.method, request.segments)
    var response = await answer(request, match, id)
    response.headers[RequestID.field] = id
    response.annotations[ServerInstruments.routeAnnotation] = match.operation?.path
    return response
  }

  private func answer(_ request: HTTPRequest, _ match: Router.Match, _ id: String) async -> HTTPResponse {
    let token: AccessToken?
    do throws(Gatekeeper.Refusal) {
      token = try gatekeeper.admit(request, to: match.operation, study: match.values["study"]).token
    } catch {
      // Guesses count against the address that they come from.
      return tooFast(request, match, nil, id) ?? .problem(error, requestID: id)
    }
    if let refusal = tooFast(request, match, token, id) { return refusal }
    let caller = Caller(token == nil ? .anonymous : .token, tokenID: token?.id, requestID: id)
    var response = await Caller.$current.withValue(caller) { await answer(request, match, token, id) }
    response.annotations[AccessLog.tokenAnnotation] = token?.id
    return response
  }

  private func answer(
    _ request: HTTPRequest, _ match: Router.Match, _ token: AccessToken?, _ id: String
  ) async -> HTTPResponse {
    switch match {
    case .none:
      return .problem(.notFound, "There is no such path; /openapi.yaml lists those there are.", requestID: id)
    case .otherMethods(let methods):
      let allowed = methods.joined(separator: ", ")
      var response = HTTPResponse.problem(.methodNotAllowed, "This path knows \(allowed).", requestID: id)
      response.headers["Allow"] = allowed
      return response
    case .route(let route, _) where route.takesBody && !request.hasJSON:
      return .problem(.unsupportedMediaType, "The Content-Type must be application/json.", requestID: id)
    case .route(let route, let values):
      do throws(StudyError) {
        return try await route.answer(
          RoutedRequest(http: request, values: values, token: token, repeats: repeats) { [gatekeeper] in
            (try? gatekeeper.admit(request, to: route.operation, study: values["study"])) != nil
          })
      } catch {
        note(error, route, id)
        return .problem(error, requestID: id)
      }
    }
  }

  /// The refusal of a request that comes too soon after others of its token, or of its address where it has none.
  ///
  /// Whether the server is ready may be asked at any time: clients behind a proxy share its address with its probes.
  private func tooFast(
    _ request: HTTPRequest, _ match: Router.Match, _ token: AccessToken?, _ id: String
  ) -> HTTPResponse? {
    guard let limiter, match.operation != .getReadiness else { return nil }
    let client = token.map { "token " + $0.id } ?? RateLimiter.client(at: request.remoteAddress)
    guard let seconds = limiter.admit(client) else { return nil }
    let whose = token.map { "The access token \($0.id) is" } ?? "This address is"
    var response = HTTPResponse.problem(
      StudyError(.rateLimited, "\(whose) used too often; the next request is taken in \(seconds) s."), requestID: id)
    response.headers["Retry-After"] = "\(seconds)"
    response.annotations[AccessLog.tokenAnnotation] = token?.id
    return response
  }

  /// Logs what the server itself is to blame for, which it is not for what it gave up because the client has gone.
  private func note(_ error: StudyError, _ route: Route, _ id: String) {
    if error.code.status.code < 500 || (error.code == .unavailable && Task.isCancelled) { return }
    logger.error(
      "request failed",
      metadata: [
        "route": "\(route.operation.path)", "code": "\(error.code.rawValue)", "error": "\(error.message)",
        "request_id": "\(id)",
      ])
  }

  /// The answer that is made on the event loop itself, so that it comes even when every thread is busy.
  static func immediateAnswer(_ request: HTTPRequest) -> HTTPResponse? {
    guard request.segments == ["healthz"], request.method == .get || request.method == .head else { return nil }
    var response = ServerRoutes.alive
    response.annotations[ServerInstruments.routeAnnotation] = APIOperation.getHealth.path
    response.headers[RequestID.field] = RequestID.of(request)
    return response
  }

  /// The answer to a request that the HTTP layer refused.
  static func refusal(_ error: HTTPError) -> HTTPResponse {
    let id = RequestID.new()
    var response = HTTPResponse.problem(error, requestID: id)
    response.headers[RequestID.field] = id
    return response
  }
}

extension HTTPRequest {
  /// Whether the body is declared as JSON; parameters of the media type change nothing, since JSON is always UTF-8.
  fileprivate var hasJSON: Bool {
    let declared = headers.values(of: "Content-Type")
    let type = declared.first?.split(separator: ";", omittingEmptySubsequences: false).first ?? ""
    return declared.count == 1 && type.lowercased().filter { $0 != " " && $0 != "\t" } == "application/json"
  }
}
