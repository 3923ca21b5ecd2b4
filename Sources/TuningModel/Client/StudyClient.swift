/// Everything a worker or a user does with studies.
///
/// The embedded engine and the remote client offer this same protocol, so a program moves from one to the other by
/// changing the line that creates it.
public protocol StudyClient: Sendable {
  /// Creates a study; one of the same name and definition is returned as it is.
  func create(_ definition: StudyDefinition) async throws(StudyError) -> CreatedStudy
  /// The studies in the order of their names, those too whose stored definition this version does not accept.
  func studies(_ page: PageRequest) async throws(StudyError) -> Page<ListedStudy>
  /// One study with its progress.
  func study(_ name: String) async throws(StudyError) -> StudySummary
  /// Changes state, budget or labels. With `revision`, only if the study still has that revision.
  func update(_ name: String, _ patch: StudyPatch, revision: Int?) async throws(StudyError) -> StudySummary
  /// Deletes a study with all its trials. With `revision`, only if the study still has that revision.
  func delete(_ name: String, revision: Int?) async throws(StudyError)
  /// Hands out trials: first the worker's own unfinished ones, then waiting ones, then new ones.
  func ask(_ study: String, _ request: AskRequest) async throws(StudyError) -> AskAnswer
  /// Takes an intermediate measurement, which has a step, and says what is to become of the trial; renews the lease as a
  /// heartbeat does. Reporting the same again is answered alike.
  func report(
    _ study: String, _ trial: TrialNumber, _ measurement: Measurement, leaseToken: String
  ) async throws(StudyError) -> Decision
  /// Takes a trial's final result; telling the same again is harmless.
  func tell(_ study: String, _ trial: TrialNumber, _ result: TrialResult) async throws(StudyError) -> Trial
  /// Takes several final results, all or none; those told before are confirmed. Answers in the order of the results.
  func tell(_ study: String, _ results: [ToldResult]) async throws(StudyError) -> [Trial]
  /// Adds trials: to be tried next, in their order, or as finished results from elsewhere, which the tuner learns from and
  /// which no budget pays for.
  func enqueue(_ study: String, _ trials: [EnqueuedTrial]) async throws(StudyError) -> [Trial]
  /// Corrects how a finished trial ended. With `revision`, only if the trial still has that revision.
  func correct(
    _ study: String, _ trial: TrialNumber, _ outcome: TrialResult.Outcome, revision: Int?
  ) async throws(StudyError) -> Trial
  /// Takes a trial out of what the study goes by; it stays in the record. One that waits ends as failed. With `revision`,
  /// only if the trial still has that revision.
  func exclude(_ study: String, _ trial: TrialNumber, revision: Int?) async throws(StudyError) -> Trial
  /// Extends a lease; without `seconds` by its own length.
  func heartbeat(_ study: String, _ trial: TrialNumber, leaseToken: String, seconds: Double?) async throws(StudyError)
    -> Trial
  /// Gives a trial back, to be handed out again. It does not count as a retry.
  func requeue(_ study: String, _ trial: TrialNumber, leaseToken: String?, reason: String?) async throws(StudyError)
    -> Trial
  /// The trials of a selection in its order; with their intermediate measurements only where these are asked for.
  func trials(_ study: String, _ selection: TrialSelection, _ page: PageRequest) async throws(StudyError) -> Page<Trial>
  /// One trial, with its intermediate measurements.
  func trial(_ study: String, _ number: TrialNumber) async throws(StudyError) -> Trial
  /// The completed trial with the best objective among those that keep the outcome constraints; `nil` before there is
  /// one. A study with several objectives has no single best: that is an error.
  func best(_ study: String) async throws(StudyError) -> Trial?
  /// The completed trials that no other one is better than in every objective, among those that keep the outcome
  /// constraints, by number. For one objective those with the best value.
  func pareto(_ study: String, _ page: PageRequest) async throws(StudyError) -> Page<Trial>
  /// How the best value came about. A study with several objectives has no single best: that is an error.
  func history(_ study: String) async throws(StudyError) -> IncumbentHistory
  /// The values that led to the best trial, step by step; `nil` before there is one.
  func schedule(_ study: String) async throws(StudyError) -> ParameterSchedule?
  /// The checkpoints that trials left, a page of trials at a time, so that a page may hold fewer or more of them. A study
  /// whose tuner goes on from none is an error.
  func checkpoints(_ study: String, _ page: PageRequest) async throws(StudyError) -> Page<KnownCheckpoint>
  /// Notes that checkpoints were deleted, all or none; one that is still wanted is an error.
  func noteDeleted(_ study: String, _ checkpoints: [String]) async throws(StudyError)
  /// What the tuner's model believes of the objective at up to 1,000 points, in units of the metric. A tuner without a
  /// model, or one that has too few results for it, is an error.
  func predict(_ study: String, at points: [Parameters]) async throws(StudyError) -> Predictions
  /// How much of a metric's variance over the search space is due to each parameter. Too few results are an error.
  func importance(_ study: String, _ selection: ImportanceSelection) async throws(StudyError) -> ImportanceReport
}

extension StudyClient {
  /// The trials in the order of their numbers, those of one state where it is given, without intermediate measurements.
  public func trials(
    _ study: String, state: TrialState?, _ page: PageRequest
  ) async throws(StudyError) -> Page<Trial> {
    try await trials(study, TrialSelection(states: state.map { [$0] } ?? []), page)
  }
}

/// The answer to creating a study.
public struct CreatedStudy: Hashable, Sendable {
  /// The study.
  public var summary: StudySummary
  /// Whether it was created now; `false` when it was there already.
  public var isNew: Bool

  /// Creates an answer.
  public init(_ summary: StudySummary, isNew: Bool) {
    self.summary = summary
    self.isNew = isNew
  }
}

/// A study and the number of its trials in each state.
public struct StudySummary: Hashable, Sendable {
  /// The study.
  public var study: Study
  /// The number of trials by state; states without trials may be absent.
  public var counts: [TrialState: Int]

  /// Creates a summary.
  public init(_ study: Study, counts: [TrialState: Int]) {
    self.study = study
    self.counts = counts
  }
}

/// A part of a list.
public struct Page<Element: Sendable>: Sendable {
  /// The elements.
  public var elements: [Element]
  /// What to ask for next; `nil` on the last page.
  public var nextToken: String?

  /// Creates a page.
  public init(_ elements: [Element], nextToken: String?) {
    self.elements = elements
    self.nextToken = nextToken
  }
}

/// Which part of a list is wanted.
public struct PageRequest: Hashable, Sendable {
  /// At most so many elements, 1 to 1,000.
  public var size: Int
  /// The token that the page before ended with; `nil` for the first page.
  public var token: String?

  /// Creates a request.
  public init(size: Int = 100, token: String? = nil) {
    self.size = size
    self.token = token
  }
}

/// What a worker asks for.
public struct AskRequest: Hashable, Sendable {
  /// The number of trials wanted.
  public var count: Int
  /// The client's name for this worker; its own unfinished trials come back first.
  public var worker: String?
  /// How long it may stay silent; the study's trial time-out, else a day, where left out.
  public var leaseSeconds: Double?
  /// Values that the trials shall have, those that come back too; the tuner chooses the others.
  public var fixed: Parameters

  /// Creates a request.
  public init(count: Int = 1, worker: String? = nil, leaseSeconds: Double? = nil, fixed: Parameters = [:]) {
    self.count = count
    self.worker = worker
    self.leaseSeconds = leaseSeconds
    self.fixed = fixed
  }
}

/// What a worker receives.
public struct AskAnswer: Hashable, Sendable {
  /// The trials, each with its lease; fewer than asked for, or none, where there is nothing to hand out.
  public var trials: [Trial]
  /// The study's state.
  public var state: StudyState
  /// Why there are fewer trials than asked for.
  public var shortfall: Shortfall?
  /// The tuner's own words on that, where it has any.
  public var detail: String?

  /// Why an ask yields fewer trials than asked for.
  public enum Shortfall: String, Hashable, Sendable, CaseIterable {
    /// The study is paused.
    case paused
    /// The study is finished, or its budget is spent and nothing is under way.
    case finished
    /// The budget is spent or reserved by trials under way; some of them may come back.
    case budgetReserved = "budget_reserved"
    /// As many trials are under way as the study allows at once.
    case parallelLimit = "parallel_limit"
    /// The tuner has no further point to propose.
    case spaceExhausted = "space_exhausted"
    /// The tuner needs results of trials under way before it goes on.
    case awaitingResults = "awaiting_results"
    /// The tuner has come to its end.
    case tunerFinished = "tuner_finished"

    /// After how many seconds asking again may help; `nil` for never.
    public var retryAfterSeconds: Int? {
      switch self {
      case .paused: 10
      case .budgetReserved, .parallelLimit, .awaitingResults: 1
      case .finished, .spaceExhausted, .tunerFinished: nil
      }
    }
  }

  /// Creates an answer.
  public init(_ trials: [Trial], state: StudyState, shortfall: Shortfall? = nil, detail: String? = nil) {
    self.trials = trials
    self.state = state
    self.shortfall = shortfall
    self.detail = detail
  }
}
