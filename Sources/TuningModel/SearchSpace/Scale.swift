import Foundation

/// How a numeric range is laid over the unit interval.
public enum Scale: Hashable, Sendable {
  /// Equal differences are equally far apart.
  case linear
  /// Equal ratios are equally far apart; both bounds are positive.
  case log

  /// Where `value` stands between the bounds: 0 at `low`, 1 at `high`.
  ///
  /// On the log scale the distance is the logarithm of a ratio, so that narrow ranges keep their precision.
  func position(of value: Double, low: Double, high: Double) -> Double {
    switch self {
    case .linear:
      let span = high - low
      // Bounds of opposite sign and extreme size: halves, so that the span does not overflow.
      return span.isFinite ? (value - low) / span : (value / 2 - low / 2) / (high / 2 - low / 2)
    case .log: return logRatio(value, low) / logRatio(high, low)
    }
  }

  /// The value at a position; the bounds are met exactly and never left.
  func value(at position: Double, low: Double, high: Double) -> Double {
    if position <= 0 { return low }
    if position >= 1 { return high }
    let value: Double
    switch self {
    case .linear:
      // One rounded product and one rounded sum: never falls as the position grows.
      let span = high - low
      value = span.isFinite ? low + span * position : 2 * (low / 2 + (high / 2 - low / 2) * position)
    case .log:
      // One formula over the whole range, so that it never falls; the plain power overflows in the widest ranges.
      let span = logRatio(high, low)
      value = span < 600 ? low * exp(span * position) : exp(Foundation.log(low) + span * position)
    }
    return min(max(value, low), high)
  }

  /// d value / d position.
  func slope(at value: Double, low: Double, high: Double) -> Double {
    switch self {
    case .linear: high - low
    case .log: value * logRatio(high, low)
    }
  }

  private func logRatio(_ a: Double, _ b: Double) -> Double {
    let ratio = a / b
    return ratio.isNormal ? Foundation.log(ratio) : Foundation.log(a) - Foundation.log(b)
  }
}
