import Foundation

/// A numeric axis: where a value stands between its ends, and where its ticks are.
struct Axis {
  var low, high: Double
  var isLogarithmic: Bool

  /// An axis that covers the values: logarithmic where they are positive and span more than a factor of 20.
  init(covering values: [Double]) {
    let finite = values.filter(\.isFinite)
    var low = finite.min() ?? 0
    var high = finite.max() ?? 1
    isLogarithmic = low > 0 && high / low > 20
    if low == high {
      let margin = low == 0 ? 1 : abs(low) * 0.1
      (low, high) = (low - margin, high + margin)
    }
    (self.low, self.high) = (low, high)
  }

  /// 0 at the low end, 1 at the high end; values beyond are clamped.
  func position(of value: Double) -> Double {
    let position =
      isLogarithmic ? log(max(value, .leastNormalMagnitude) / low) / log(high / low) : (value - low) / (high - low)
    return min(max(position, 0), 1)
  }

  /// Round values between the ends, about `count` of them.
  func ticks(_ count: Int) -> [Double] { isLogarithmic ? logarithmicTicks : linearTicks(count) }

  private func linearTicks(_ count: Int) -> [Double] {
    let rough = (high - low) / Double(max(count, 1))
    guard rough.isNormal else { return [low, high] }
    let power = pow(10, floor(log10(rough)))
    let step = [1.0, 2, 5, 10].first { $0 * power >= rough }.map { $0 * power } ?? rough
    let first = (low / step).rounded(.up)
    let last = (high / step).rounded(.down)
    guard first <= last, last - first < 100 else { return [low, high] }
    return stride(from: first, through: last, by: 1).map { $0 * step }
  }

  private var logarithmicTicks: [Double] {
    let decades = Int(floor(log10(low)))...Int(ceil(log10(high)))
    let factors: [Double] = decades.count > 4 ? [1] : decades.count > 2 ? [1, 3] : [1, 2, 5]
    return decades.flatMap { decade in factors.map { $0 * pow(10, Double(decade)) } }
      .filter { $0 >= low * 0.999 && $0 <= high * 1.001 }
  }
}
