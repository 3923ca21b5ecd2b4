/// How often and how soon a request that may be repeated is sent again when no proper answer came.
public struct RetryPolicy: Hashable, Sendable {
  /// How often a request is sent at most, the first time included.
  public var attempts: Int
  /// The pause before the second attempt; each later one is twice as long as the one before.
  public var firstPause: Duration
  /// The longest pause, also where the server asks for a longer one.
  public var longestPause: Duration

  /// Creates a policy; the standard one gives up after some three seconds.
  public init(
    attempts: Int = 5, firstPause: Duration = .milliseconds(200), longestPause: Duration = .seconds(10)
  ) {
    self.attempts = attempts
    self.firstPause = firstPause
    self.longestPause = longestPause
  }

  /// Sends everything once.
  public static let never = RetryPolicy(attempts: 1)

  /// The pause after an attempt, 1 for the first, spread so that clients that failed together do not return together.
  package func pause(after attempt: Int, askedFor seconds: Int?) -> Duration {
    let backoff = firstPause * (1 << min(attempt - 1, 20))
    let wanted = max(backoff * Double.random(in: 0.75...1.25), .seconds(seconds ?? 0))
    return min(wanted, longestPause)
  }
}
