/// The number of a trial in its study: 1, 2, 3, … without gaps, never used twice.
public typealias TrialNumber = Int

/// Parameters that a tuner proposes for a trial number.
public struct Suggestion: Hashable, Sendable {
  /// The values of all active parameters.
  public var parameters: Parameters
  /// How they came about.
  public var origin: SuggestionOrigin
  /// What an oracle is asked for there; `nil` where metrics are the result.
  public var request: OracleRequest?
  /// The part of a member's training that the trial is; `nil` where it stands by itself.
  public var resume: Resume?

  /// Creates a suggestion.
  public init(
    _ parameters: Parameters, origin: SuggestionOrigin, request: OracleRequest? = nil, resume: Resume? = nil
  ) {
    self.parameters = parameters
    self.origin = origin
    self.request = request
    self.resume = resume
  }
}

/// How a suggestion came about: enough to explain it and to compute it again.
public struct SuggestionOrigin: Hashable, Sendable {
  /// The tuner's name, `default` for the user's default point, or `user` for a trial that was enqueued.
  public var tuner: String
  /// The sequence number of the last event that the tuner had seen; the study's session fills it in.
  public var history: Int
  /// The acquisition function that chose the point, where there is one.
  public var acquisition: String?
  /// The unfinished trials that the tuner counted on.
  public var pending: [TrialNumber]
  /// The names, sorted, of the parameters whose values whoever asked had chosen.
  public var fixed: [String]
  /// What the tuner will need again, such as the surrogate's fitted parameters (an object).
  public var details: JSONValue?

  /// What stands for the tuner in the origin of the user's default point.
  public static let defaultPoint = "default"

  /// What stands for the tuner in the origin of a trial that a user added.
  public static let enqueued = "user"

  /// Creates an origin.
  public init(
    tuner: String, history: Int = 0, acquisition: String? = nil, pending: [TrialNumber] = [],
    fixed: [String] = [], details: JSONValue? = nil
  ) {
    self.tuner = tuner
    self.history = history
    self.acquisition = acquisition
    self.pending = pending
    self.fixed = fixed
    self.details = details
  }
}

extension SuggestionOrigin {
  /// Reads an origin from JSON; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let tuner = object.required("tuner")?.string()
    let history = object.required("history")?.integer()
    acquisition = object.optional("acquisition")?.string()
    pending = object.optional("pending")?.array()?.compactMap { $0.integer() } ?? []
    fixed = object.optional("fixed")?.array()?.compactMap { $0.string() } ?? []
    details = object.optional("details")?.value
    object.finish()
    guard let tuner, let history else { return nil }
    self.tuner = tuner
    self.history = history
  }

  /// The origin as JSON.
  public var json: JSONValue {
    .object(omittingNil: [
      "tuner": .string(tuner), "history": .integer(history), "acquisition": acquisition.map(JSONValue.string),
      "pending": pending.isEmpty ? nil : .array(pending.map(JSONValue.integer)),
      "fixed": fixed.isEmpty ? nil : .array(fixed.map(JSONValue.string)), "details": details,
    ])
  }
}
