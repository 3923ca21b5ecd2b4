package import TuningModel

/// What the command's exit status means.
package enum ExitStatus: Int32, Sendable, CaseIterable {
  case success = 0
  /// Something failed that the other codes do not name.
  case failed = 1
  /// The command line, or a file it names, is not right.
  case usage = 2
  /// There is no such study, trial or database.
  case notFound = 3
  /// Somebody else has done otherwise: another definition, another result, another holder.
  case conflict = 4
  /// The server wants another access token, or one at all.
  case unauthorised = 5
  /// No answer came from the server.
  case unreachable = 6
  /// The study hands out no more trials.
  case studyFinished = 10
  /// The trial is to be stopped.
  case stopTrial = 11

  /// All of them with their meaning, a line each, as help shows them.
  static let table = """
       0  done
       1  failed
       2  wrong usage, or input that is refused
       3  not found
       4  conflict: another definition, result or holder
       5  the server wants another access token (--token, HONE_TOKEN)
       6  no answer from the server
      10  study finished
      11  the trial is to stop (hone report)
    """

  /// The status for a failed study operation.
  package init(_ code: StudyError.Code) {
    self =
      switch code {
      case .malformed, .invalid, .unsupported, .keyReused: .usage
      case .studyNotFound, .trialNotFound, .tokenNotFound: .notFound
      case .studyExists, .trialState, .reportConflict, .leaseLost, .leaseRequired, .revisionConflict, .studyUnreadable,
        .databaseInUse, .noModelYet:
        .conflict
      case .unauthenticated, .forbidden: .unauthorised
      case .unavailable, .unreachable, .rateLimited: .unreachable
      case .spaceExhausted: .studyFinished
      case .tunerFailed, .databaseNewer, .storageFailed, .storageFull, .unexpectedAnswer: .failed
      }
  }
}
