import TuningModel

/// The deadlines of a study's trials under way, as far as they are known while the study itself is not.
struct LeaseTerms: Sendable {
  /// By the token of the lease.
  private(set) var byToken: [String: LeaseTerm] = [:]
  private var timeout: Double?

  /// None.
  init() {}

  /// Those of a study that was in memory.
  init(_ roster: Roster) {
    timeout = roster.study.definition.budget.trialTimeoutSeconds
    for entry in roster.open.values {
      if let token = entry.trial.lease?.token { byToken[token] = entry.term }
    }
  }

  /// Those of a study that is stored: each trial gets one fresh period.
  init(_ stored: StoredLeases, from now: UInt64) {
    timeout = stored.trialTimeoutSeconds
    for entry in stored.entries {
      byToken[entry.lease.token] = LeaseTerm(entry.lease, since: entry.startedAt, from: now)
    }
  }

  /// Whether none is known.
  var isEmpty: Bool { byToken.isEmpty }

  /// Whether a trial is lost at this moment.
  func hasLosses(at now: UInt64) -> Bool { byToken.values.contains { $0.loss(at: now, timeout: timeout) != nil } }
}

extension LeaseTerm {
  /// A fresh period of a stored lease's own length.
  init(_ lease: Lease, since start: Timestamp, from now: UInt64) {
    self.init(
      seconds: (Double(lease.expiresAt.milliseconds) - Double(start.milliseconds)) / 1_000, from: now)
  }

  /// The lease with the end that it has by now.
  func ends(_ lease: Lease, by clock: any StudyClock) -> Lease {
    let now = clock.monotonicNanoseconds
    let seconds = (deadline >= now ? Double(deadline - now) : -Double(now - deadline)) / 1_000_000_000
    return Lease(token: lease.token, expiresAt: clock.now.advanced(bySeconds: seconds))
  }
}
