import TuningModel

extension StudyError.Code {
  /// What the code means, the same for every occurrence.
  var title: String {
    switch self {
    case .malformed: "The input is not of the form that is asked for"
    case .invalid: "The input is not acceptable"
    case .unsupported: "The tuner cannot honour the study"
    case .studyNotFound: "There is no such study"
    case .trialNotFound: "There is no such trial"
    case .studyExists: "The study exists with another definition"
    case .trialState: "The trial's state does not allow it"
    case .reportConflict: "The trial has another measurement at this step"
    case .leaseLost: "Somebody else holds the trial"
    case .leaseRequired: "Only the token of its lease gives a right to the trial"
    case .revisionConflict: "It has changed since"
    case .keyReused: "The key was used for another request"
    case .studyUnreadable: "The study's definition is not accepted by this version"
    case .spaceExhausted: "The tuner has nothing left to propose"
    case .noModelYet: "There are too few results for a model"
    case .tunerFailed: "The tuner failed"
    case .databaseInUse: "Another process holds the database"
    case .databaseNewer: "The database is of a newer version"
    case .storageFailed: "The database failed"
    case .storageFull: "There is no room on the disk"
    case .unavailable: "The server cannot answer now"
    case .tokenNotFound: "There is no such access token"
    case .unauthenticated: "An access token is needed"
    case .forbidden: "The access token does not permit it"
    case .rateLimited: "The requests come too fast"
    case .unreachable: "The server cannot be reached"
    case .unexpectedAnswer: "The server's answer was not understood"
    }
  }
}

extension TransportCode {
  /// What the code means, the same for every occurrence.
  var title: String {
    switch self {
    case .badRequest: "The request is not HTTP"
    case .notFound: "There is no such path"
    case .methodNotAllowed: "The path does not know the method"
    case .requestTimeout: "The request did not arrive in time"
    case .contentTooLarge: "The body is too large"
    case .uriTooLong: "The request line is too long"
    case .unsupportedMediaType: "The body's media type is not understood"
    case .misdirectedRequest: "The request is for another host"
    case .expectationFailed: "The expectation cannot be met"
    case .headerFieldsTooLarge: "The header fields are too large"
    case .internalError: "The server failed"
    case .notImplemented: "The server does not have this part of HTTP"
    case .httpVersionNotSupported: "The server does not speak this version of HTTP"
    }
  }
}
