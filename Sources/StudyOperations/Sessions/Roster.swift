import TuningModel

/// Where a study and its trials stand: what a session decides by.
struct Roster: Sendable {
  /// The study and its place in the log.
  var stored: StoredStudy
  /// The number of trials by state.
  private(set) var counts: [TrialState: Int]
  /// The number of trials that were never handed out.
  private(set) var neverHandedOut: Int
  /// The trials that are not in a final state.
  private(set) var open: [TrialNumber: OpenTrial]

  /// A trial that is not in a final state, and its deadlines while somebody holds it.
  struct OpenTrial: Sendable {
    var trial: Trial
    var term: LeaseTerm?
  }

  /// Takes up what a store kept.
  ///
  /// Every trial under way gets a fresh lease period, unless its present one is known.
  init(_ roster: StoredRoster, terms: LeaseTerms, clock: any StudyClock) {
    stored = roster.study
    counts = roster.counts
    neverHandedOut = roster.neverHandedOut
    open = [:]
    for trial in roster.unfinished {
      var entry = OpenTrial(trial: trial)
      if let lease = trial.lease {
        let term =
          terms.byToken[lease.token] ?? LeaseTerm(lease, since: trial.startedAt, from: clock.monotonicNanoseconds)
        entry.term = term
        entry.trial.lease = term.ends(lease, by: clock)
      }
      open[trial.number] = entry
    }
  }

  /// The study.
  var study: Study { stored.study }

  /// The number of trials, which is also the number of the last one.
  var trialCount: Int { counts.values.reduce(0, +) }

  /// The number of trials that the budget has paid for: those that were ever handed out.
  var handedOutCount: Int { trialCount - neverHandedOut }

  /// The number of trials that somebody holds.
  var underWayCount: Int { counts[.running, default: 0] + counts[.stopping, default: 0] }

  /// Replaces a trial by what it has become, or adds a new one.
  mutating func set(_ trial: Trial, term: LeaseTerm? = nil) {
    if let before = open[trial.number] {
      counts[before.trial.state, default: 0] -= 1
      if before.trial.attempt == 0, trial.attempt > 0 { neverHandedOut -= 1 }
    } else if trial.attempt == 0 {
      neverHandedOut += 1
    }
    counts[trial.state, default: 0] += 1
    open[trial.number] = trial.state.isFinal ? nil : OpenTrial(trial: trial, term: term)
  }

  /// Counts a trial in another final state.
  mutating func move(from before: TrialState, to after: TrialState) {
    counts[before, default: 0] -= 1
    counts[after, default: 0] += 1
  }

  /// Lets a trial's lease end so many seconds from now; by its own length where none is given.
  mutating func renew(_ number: TrialNumber, seconds: Double?, now: Timestamp, monotonic: UInt64) {
    guard var entry = open[number], var term = entry.term else { return }
    let length = seconds ?? term.seconds
    term.renew(seconds: length, from: monotonic)
    entry.term = term
    entry.trial.lease?.expiresAt = now.advanced(bySeconds: length)
    open[number] = entry
  }

  /// The trials that are lost at this moment with the reason, in the order of their numbers.
  func losses(at now: UInt64) -> [(trial: Trial, reason: String)] {
    let timeout = study.definition.budget.trialTimeoutSeconds
    var losses: [(trial: Trial, reason: String)] = []
    for entry in open.values {
      if let reason = entry.term?.loss(at: now, timeout: timeout) { losses.append((entry.trial, reason)) }
    }
    return losses.sorted { $0.trial.number < $1.trial.number }
  }
}
