package import TuningModel

extension StudyError {
  /// There is no study of that name.
  static func noStudy(_ name: String) -> StudyError {
    StudyError(.studyNotFound, "There is no study \"\(name)\".")
  }

  /// A study was stored with a definition that this version does not accept.
  package static func unreadable(_ study: String, _ reason: StudyError) -> StudyError {
    StudyError(
      .studyUnreadable,
      "This version does not accept the definition of the study \"\(study)\": \(reason.message)",
      mistakes: reason.mistakes)
  }

  /// There is no trial of that number.
  static func noTrial(_ number: TrialNumber, in study: String) -> StudyError {
    StudyError(.trialNotFound, "There is no trial \(number) in the study \"\(study)\".")
  }

  /// The service takes no more requests.
  static let stopping = StudyError(.unavailable, "The service is stopping.")

  /// The caller has gone.
  static let givenUp = StudyError(.unavailable, "The request was given up before it was carried out.")

  /// One part of the input is not acceptable.
  static func invalid(_ pointer: String, _ detail: String) -> StudyError {
    StudyError(InvalidInput([InputMistake(pointer: pointer, detail: detail)]))
  }

  /// What a tuner failed with.
  init(_ error: TunerError) {
    switch error {
    case .unsupported(let mistakes): self.init(InvalidInput(mistakes))
    case .spaceExhausted(let reason), .finished(let reason): self.init(.spaceExhausted, reason)
    case .waiting(let reason): self.init(.unavailable, reason)
    case .noModelYet(let reason): self.init(.noModelYet, reason)
    case .failed(let reason): self.init(.tunerFailed, reason)
    }
  }
}
