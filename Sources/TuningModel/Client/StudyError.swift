/// What a study operation can fail with, the same in the library and over the wire.
public struct StudyError: Error, Hashable, Sendable {
  /// What sort of failure this is.
  public var code: Code
  /// What was wrong, where, and what to do.
  public var message: String
  /// The mistakes in the input, with a JSON pointer to each.
  public var mistakes: [InputMistake]
  /// The trial as it is stored, where the request contradicts it.
  public var trial: Trial?

  /// What sort of failure this is; the raw value is the `code` on the wire.
  public enum Code: String, Hashable, Sendable, CaseIterable {
    /// The input is not of the form that is asked for.
    case malformed
    /// The input was read and is not acceptable.
    case invalid
    /// The chosen tuner cannot honour what the study asks for.
    case unsupported
    /// There is no study of that name.
    case studyNotFound = "study_not_found"
    /// There is no trial of that number.
    case trialNotFound = "trial_not_found"
    /// There is a study of that name with another definition.
    case studyExists = "study_exists"
    /// The trial has another final result already, or is not under way.
    case trialState = "trial_state"
    /// The trial has another measurement at this step already.
    case reportConflict = "report_conflict"
    /// Somebody else holds the trial now.
    case leaseLost = "lease_lost"
    /// The trial was handed out again since, so only the token of its lease proves the right to it.
    case leaseRequired = "lease_required"
    /// Somebody else has changed the study, or the trial, since.
    case revisionConflict = "stale"
    /// The key of a write was used for another request before.
    case keyReused = "key_reused"
    /// The study was stored with a definition that this version does not accept.
    case studyUnreadable = "study_unreadable"
    /// The tuner has nothing left to propose.
    case spaceExhausted = "space_exhausted"
    /// There are too few results for a model.
    case noModelYet = "no_model_yet"
    /// The tuner's computation failed.
    case tunerFailed = "tuner_failed"
    /// Another process holds the database.
    case databaseInUse = "database_in_use"
    /// The database was written by a newer version.
    case databaseNewer = "database_newer"
    /// Reading or writing the database failed.
    case storageFailed = "storage_failed"
    /// The disk has no room for what was to be stored; nothing of it was.
    case storageFull = "storage_full"
    /// The service is stopping or too busy; try again.
    case unavailable
    /// There is no access token of that id.
    case tokenNotFound = "token_not_found"
    /// The server wants an access token, or does not accept the one it got.
    case unauthenticated
    /// The access token does not have the right to do this.
    case forbidden
    /// The caller asks too often.
    case rateLimited = "rate_limited"
    /// No answer came from the server.
    case unreachable
    /// The server's answer was not understood.
    case unexpectedAnswer = "unexpected_answer"
  }

  /// Creates an error.
  public init(_ code: Code, _ message: String, mistakes: [InputMistake] = [], trial: Trial? = nil) {
    self.code = code
    self.message = message
    self.mistakes = mistakes
    self.trial = trial
  }

  /// Input that was refused: malformed where any mistake is one of form, else unsupported or invalid.
  public init(_ input: InvalidInput) {
    let kinds = Set(input.mistakes.map(\.kind))
    let code: Code = kinds.contains(.form) ? .malformed : kinds == [.support] ? .unsupported : .invalid
    self.init(code, input.description, mistakes: input.mistakes)
  }
}

extension StudyError: CustomStringConvertible {
  /// The message.
  public var description: String { message }
}
