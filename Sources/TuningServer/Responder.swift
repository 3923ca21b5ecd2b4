import Logging
import SocketHTTP
import TuningAPI
import TuningModel

/// Answers requests: finds the route, lets it answer, and turns what goes wrong into a problem document.
struct Responder: Sendable {
  let router: Router
  let logger: Logger
  /// Who knows writes again; `nil` where no answers are kept.
  let repeats: RepeatedWrites?

  /// The answer to a request.
  func answer(_ request: HTTPRequest) async -> HTTPResponse {
    let id = RequestID.of(request)
    var response = await answer(request, id)
    response.headers[RequestID.field] = id
    return response
  }

  private func answer(_ request: HTTPRequest, _ id: String) async -> HTTPResponse {
    switch router.match(request.method, request.segments) {
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
        return try await route.answer(RoutedRequest(http: request, values: values, repeats: repeats))
      } catch {
        note(error, route, id)
        return .problem(error, requestID: id)
      }
    }
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
