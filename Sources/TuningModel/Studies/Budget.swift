/// How much a study may spend, and how it treats workers that vanish.
public struct Budget: Hashable, Sendable {
  /// The number of trials that may be evaluated: completed, pruned and infeasible ones, failed ones, and those under way.
  public var maxTrials: Int?
  /// The number of trials that may be under way at once.
  public var maxParallel: Int?
  /// How long a trial may take, in seconds; also the lease of a worker that asks for no other.
  public var trialTimeoutSeconds: Double?
  /// How often a trial whose lease expired is handed out again before it counts as failed.
  public var maxRetries: Int

  /// Retries of a lost trial where the user says nothing.
  public static let defaultRetries = 2

  /// Creates a budget.
  public init(
    maxTrials: Int? = nil, maxParallel: Int? = nil, trialTimeoutSeconds: Double? = nil,
    maxRetries: Int = Budget.defaultRetries
  ) {
    self.maxTrials = maxTrials
    self.maxParallel = maxParallel
    self.trialTimeoutSeconds = trialTimeoutSeconds
    self.maxRetries = maxRetries
  }
}

extension Budget {
  /// Reads a budget object; notes mistakes.
  public init?(reading reader: JSONReader) {
    guard let object = reader.object() else { return nil }
    let before = reader.mistakes.all.count
    maxTrials = object.optional("max_trials")?.integer(in: 1...1_000_000_000)
    maxParallel = object.optional("max_parallel")?.integer(in: 1...1_000_000)
    trialTimeoutSeconds = object.optional("trial_timeout_seconds").flatMap { reader in
      guard let seconds = reader.number() else { return nil }
      if !(seconds > 0 && seconds <= 31_536_000) { reader.refuse("Must be above 0 and at most a year.") }
      return seconds
    }
    maxRetries = object.optional("max_retries")?.integer(in: 0...1_000) ?? Self.defaultRetries
    object.finish()
    if reader.mistakes.all.count > before { return nil }
  }

  /// The budget as JSON, without what is left open.
  public var json: JSONValue {
    .object(omittingNil: [
      "max_trials": maxTrials.map(JSONValue.integer), "max_parallel": maxParallel.map(JSONValue.integer),
      "trial_timeout_seconds": trialTimeoutSeconds.map(JSONValue.number), "max_retries": .integer(maxRetries),
    ])
  }
}
