/// One evaluation of a study's objectives, as it stands.
public struct Trial: Hashable, Sendable {
  /// The number in its study.
  public var number: TrialNumber
  /// Where it stands.
  public var state: TrialState
  /// Why it stands there, where there is something to say: a `TrialReason` or a worker's own words.
  public var reason: String?
  /// The values of all active parameters.
  public var parameters: Parameters
  /// How they were chosen.
  public var origin: SuggestionOrigin
  /// What an oracle is asked for; `nil` where metrics are the result.
  public var request: OracleRequest?
  /// The part of a member's training that it is; `nil` where it stands by itself.
  public var resume: Resume?
  /// The final metrics of a completed trial, the last ones of a pruned trial, and those of one that was infeasible for a
  /// metric that is not finite.
  public var measurement: Measurement?
  /// The client's name for the worker that holds it, or held it last.
  public var worker: String?
  /// How often it has been handed out.
  public var attempt: Int
  /// How often a lease on it has expired.
  public var lostLeases: Int
  /// The right to tell its result, while somebody holds it.
  public var lease: Lease?
  /// When it was first handed out or enqueued, and when it was last handed out; of one that never was, when it was
  /// enqueued.
  public var createdAt, startedAt: Timestamp
  /// When it came to its end.
  public var finishedAt: Timestamp?
  /// When a user took it out of what the study goes by; it stays in the record.
  public var excludedAt: Timestamp?
  /// Counts every change that is stored, so that a writer that names it notices that somebody else was faster.
  public var revision: Int
  /// Its intermediate measurements in the order of their steps, where they were asked for.
  public var measurements: [Measurement]

  /// Creates a trial.
  public init(
    number: TrialNumber, state: TrialState, reason: String? = nil, parameters: Parameters, origin: SuggestionOrigin,
    request: OracleRequest? = nil, resume: Resume? = nil, measurement: Measurement? = nil, worker: String? = nil,
    attempt: Int = 1, lostLeases: Int = 0,
    lease: Lease? = nil, createdAt: Timestamp, startedAt: Timestamp, finishedAt: Timestamp? = nil,
    excludedAt: Timestamp? = nil, revision: Int = 0, measurements: [Measurement] = []
  ) {
    self.number = number
    self.state = state
    self.reason = reason
    self.parameters = parameters
    self.origin = origin
    self.request = request
    self.resume = resume
    self.measurement = measurement
    self.worker = worker
    self.attempt = attempt
    self.lostLeases = lostLeases
    self.lease = lease
    self.createdAt = createdAt
    self.startedAt = startedAt
    self.finishedAt = finishedAt
    self.excludedAt = excludedAt
    self.revision = revision
    self.measurements = measurements
  }
}

/// A worker's right to a trial.
public struct Lease: Hashable, Sendable {
  /// The secret that proves the right; 32 hexadecimal digits.
  public var token: String
  /// When it ends unless it is renewed.
  public var expiresAt: Timestamp

  /// Creates a lease.
  public init(token: String, expiresAt: Timestamp) {
    self.token = token
    self.expiresAt = expiresAt
  }
}

extension Trial {
  /// What was suggested for it.
  public var suggestion: Suggestion { Suggestion(parameters, origin: origin, request: request, resume: resume) }
}
