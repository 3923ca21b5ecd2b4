/// How fast one client may send requests.
public struct RateLimit: Hashable, Sendable {
  /// Requests in a second in the long run; above 0.
  public var perSecond: Double
  /// How many may come at once after a silence; at least 1.
  public var burst: Int

  /// Creates a limit.
  public init(perSecond: Double, burst: Int) {
    self.perSecond = perSecond
    self.burst = burst
  }

  /// 1,000 requests in a second, 2,000 at once: more than sound clients send, less than a server can take.
  public static let standard = RateLimit(perSecond: 1_000, burst: 2_000)
}
