import SocketHTTP
import TuningAPI
import TuningModel

// The one place where errors meet HTTP status codes.

extension StudyError.Code {
  /// The status that this failure is answered with.
  var status: HTTPStatus {
    switch self {
    case .malformed: .badRequest
    case .invalid, .unsupported, .keyReused: .unprocessableContent
    case .unauthenticated: .unauthorized
    case .forbidden: .forbidden
    case .studyNotFound, .trialNotFound, .tokenNotFound: .notFound
    case .studyExists, .trialState, .reportConflict, .leaseLost, .leaseRequired, .studyUnreadable, .spaceExhausted,
      .noModelYet:
      .conflict
    case .revisionConflict: .preconditionFailed
    case .rateLimited: .tooManyRequests
    case .tunerFailed, .storageFailed, .databaseNewer, .unreachable, .unexpectedAnswer: .internalServerError
    case .databaseInUse, .storageFull, .unavailable: .serviceUnavailable
    }
  }

  /// Whether the message speaks of the server's own affairs, such as paths, and is for its log alone.
  var isInternal: Bool {
    switch self {
    case .storageFailed, .databaseInUse, .databaseNewer, .unreachable, .unexpectedAnswer: true
    default: false
    }
  }
}

extension TransportCode {
  /// The status that this failure is answered with.
  var status: HTTPStatus {
    switch self {
    case .badRequest: .badRequest
    case .notFound: .notFound
    case .methodNotAllowed: .methodNotAllowed
    case .requestTimeout: .requestTimeout
    case .contentTooLarge: .contentTooLarge
    case .uriTooLong: .uriTooLong
    case .unsupportedMediaType: .unsupportedMediaType
    case .misdirectedRequest: .misdirectedRequest
    case .expectationFailed: .expectationFailed
    case .headerFieldsTooLarge: .headerFieldsTooLarge
    case .internalError: .internalServerError
    case .notImplemented: .notImplemented
    case .httpVersionNotSupported: .versionNotSupported
    }
  }
}

extension HTTPResponse {
  /// The answer to a study operation that failed.
  static func problem(_ error: StudyError, requestID: String) -> HTTPResponse {
    var shown = error
    if error.code.isInternal {
      shown = StudyError(error.code, "The server's log has the details under this request's id.")
    }
    return problem(Problem(shown, status: error.code.status.code, requestID: requestID))
  }

  /// The answer to a request that concerns no study.
  static func problem(_ code: TransportCode, _ detail: String, requestID: String) -> HTTPResponse {
    problem(Problem(code, detail, status: code.status.code, requestID: requestID))
  }

  /// The answer to a request that may not be carried out.
  static func problem(_ refusal: Gatekeeper.Refusal, requestID: String) -> HTTPResponse {
    var response =
      switch refusal.problem {
      case .study(let error): problem(error, requestID: requestID)
      case .host(let detail): problem(.misdirectedRequest, detail, requestID: requestID)
      }
    response.headers["WWW-Authenticate"] = refusal.challenge
    response.annotations[AccessLog.tokenAnnotation] = refusal.tokenID
    return response
  }

  /// The answer to a request that the HTTP layer refused.
  static func problem(_ error: HTTPError, requestID: String) -> HTTPResponse {
    if error.status == .serviceUnavailable {
      return problem(StudyError(.unavailable, error.detail), requestID: requestID)
    }
    let code = TransportCode.allCases.first { $0.status == error.status } ?? .internalError
    return problem(code, error.detail, requestID: requestID)
  }

  private static func problem(_ problem: Problem) -> HTTPResponse {
    var response = HTTPResponse(HTTPStatus(problem.status), body: .bytes(problem.body))
    response.headers["Content-Type"] = Problem.mediaType
    if response.status == .serviceUnavailable { response.headers["Retry-After"] = "1" }
    return response
  }
}
