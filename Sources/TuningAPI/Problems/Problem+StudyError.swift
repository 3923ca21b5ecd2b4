public import TuningModel

extension Problem {
  /// The error that the server met, for the client to throw: the same as the embedded engine would have thrown.
  ///
  /// What concerns no study becomes the nearest code there is: too large a body is `invalid`, a server that had to give up
  /// waiting is `unavailable`, the rest is `unexpectedAnswer`, which a client of another version meets.
  public var studyError: StudyError {
    if let code = StudyError.Code(rawValue: code) {
      return StudyError(code, detail, mistakes: errors, trial: trial)
    }
    let nearest: StudyError.Code =
      switch TransportCode(rawValue: code) {
      case .contentTooLarge, .uriTooLong, .headerFieldsTooLarge: .invalid
      case .requestTimeout: .unavailable
      default: .unexpectedAnswer
      }
    let reference = requestID.map { " (request \($0))" } ?? ""
    return StudyError(nearest, "The server answered \(status), \(title): \(detail)\(reference)", mistakes: errors)
  }
}
