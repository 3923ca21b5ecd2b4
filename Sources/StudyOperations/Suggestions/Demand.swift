/// How many suggestions workers are likely to want before the next result, judged by what they did lately.
struct Demand: Sendable {
  /// No more than so many suggestions are prepared.
  static let most = 16

  /// How many are worth preparing.
  private(set) var together = 1
  private var handedOut = 0
  private var resultsUnasked = 0

  /// Notes that an ask was answered with so many new trials.
  mutating func noteAsk(_ count: Int) {
    resultsUnasked = 0
    handedOut += count
    together = min(Self.most, max(together, handedOut))
  }

  /// Notes a result.
  mutating func noteResult() {
    resultsUnasked += 1
    if handedOut > 0 { together = min(Self.most, max(handedOut, together / 2)) }
    handedOut = 0
  }

  /// Whether suggestions are worth renewing though nobody has asked since: after the first result, the second, the
  /// fourth, the eighth …, and when no other can come since no trial is under way.
  func isWorthRenewing(underWay: Int) -> Bool {
    underWay == 0 || resultsUnasked & (resultsUnasked - 1) == 0
  }
}
