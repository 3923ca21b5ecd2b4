import Foundation

/// An axis: where a value stands between its ends, and where its ticks are.
///
/// A value is a number, or the index of a category.
package struct Axis: Sendable {
  /// The values at the ends.
  package var low, high: Double
  /// Whether equal ratios are equally far apart.
  package var isLogarithmic: Bool
  /// What the values are.
  package var label = ""
  /// Whether only whole numbers have ticks.
  package var isWhole = false
  /// The categories, where there are any.
  package private(set) var categories: [String] = []

  /// An axis that covers the values: logarithmic where they are positive and span more than a factor of 20.
  package init(covering values: [Double]) {
    let finite = values.filter(\.isFinite)
    self.init(finite.min() ?? 0, finite.max() ?? 1)
    isLogarithmic = (finite.min() ?? 0) > 0 && high / low > 20
  }

  /// An axis between two numbers; where they are equal it reaches a little to either side.
  package init(_ low: Double, _ high: Double, isLogarithmic: Bool = false, label: String = "") {
    var (low, high) = (low, high)
    if low == high {
      let margin = low == 0 ? 1 : abs(low) * 0.1
      (low, high) = (low - margin, high + margin)
    }
    (self.low, self.high, self.label) = (low, high, label)
    self.isLogarithmic = isLogarithmic && low > 0
  }

  /// An axis of categories, which stand at whole numbers from 0 on.
  package init(_ categories: [String], label: String = "") {
    self.init(-0.5, Double(max(categories.count, 1)) - 0.5, label: label)
    self.categories = categories
  }

  /// 0 at the low end, 1 at the high end; values beyond are clamped.
  package func position(of value: Double) -> Double {
    let position =
      isLogarithmic
      ? log(max(value, .leastNormalMagnitude) / low) / log(high / low) : (value / 2 - low / 2) / (high / 2 - low / 2)
    return min(max(position.isNaN ? 1 : position, 0), 1)
  }

  /// The value at a position from 0 to 1.
  package func value(at position: Double) -> Double {
    isLogarithmic ? low * pow(high / low, position) : low + (high - low) * position
  }

  /// Round values between the ends, about `count` of them; of categories all, or every so many.
  package func ticks(_ count: Int) -> [Double] {
    if !categories.isEmpty {
      let step = max(1, (categories.count + count - 1) / max(count, 1))
      return stride(from: 0, to: categories.count, by: step).map(Double.init)
    }
    let ticks = isLogarithmic ? logarithmicTicks(count) : linearTicks(count)
    return isWhole ? ticks.filter { $0 == $0.rounded() } : ticks
  }

  /// A tick as people read it.
  package func text(of tick: Double) -> String {
    categories.isEmpty ? NumberText.tick(tick) : categories[min(max(Int(tick), 0), categories.count - 1)]
  }

  private func linearTicks(_ count: Int) -> [Double] {
    let rough = (high - low) / Double(max(count, 1))
    guard rough.isNormal else { return [low, high] }
    let power = pow(10, floor(log10(rough)))
    // Where the step that would do has fewer than two multiples here, a smaller one is taken.
    for factor in [10.0, 5, 2, 1, 0.5] where factor <= 1 || factor / 2.5 < rough / power {
      let step = factor * power
      let (first, last) = ((low / step).rounded(.up), (high / step).rounded(.down))
      if first < last, last - first < 100 { return stride(from: first, through: last, by: 1).map { $0 * step } }
    }
    return [low, high]
  }

  private func logarithmicTicks(_ count: Int) -> [Double] {
    let (first, last) = (Int(floor(log10(low))), Int(ceil(log10(high))))
    let every = max(1, (last - first + count - 1) / max(count, 1))
    let factors: [Double] =
      last - first + 1 > max(4, count / 2) ? [1] : last - first + 1 > 2 && count < 9 ? [1, 3] : [1, 2, 5]
    let ticks = stride(from: first, through: last, by: every)
      .flatMap { decade in factors.map { $0 * pow(10, Double(decade)) } }
      .filter { $0 >= low * 0.999 && $0 <= high * 1.001 }
    return ticks.count > 1 ? ticks : linearTicks(count)
  }
}
