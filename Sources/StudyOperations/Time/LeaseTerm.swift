import TuningModel

/// A running trial's deadlines on the monotonic clock.
struct LeaseTerm: Sendable {
  /// The length of a lease in seconds, by which it is renewed.
  var seconds: Double
  /// When the trial was handed out, or when the service that knew of it was started again.
  var start: UInt64
  /// When the lease ends unless it is renewed.
  var deadline: UInt64

  /// The bounds of a lease in seconds: above 0 and at most a year.
  static let longest = 31_536_000.0

  /// The lease of a worker that asks for no length, in a study without a trial time-out.
  static let standard = 86_400.0

  init(seconds: Double, from now: UInt64) {
    self.seconds = min(max(seconds, 0), Self.longest)
    start = now
    deadline = now &+ Self.nanoseconds(seconds)
  }

  /// Lets the lease end so many seconds from now.
  mutating func renew(seconds: Double, from now: UInt64) { deadline = now &+ Self.nanoseconds(seconds) }

  /// Why the trial is lost, if it is: what ended first counts, and a time-out before a lease that ends with it.
  func loss(at now: UInt64, timeout: Double?) -> String? {
    if let timeout {
      let end = start &+ Self.nanoseconds(timeout)
      if end <= deadline, end <= now { return TrialReason.timeout }
    }
    return deadline <= now ? TrialReason.leaseExpired : nil
  }

  private static func nanoseconds(_ seconds: Double) -> UInt64 {
    UInt64(min(max(seconds, 0), longest) * 1_000_000_000)
  }
}
