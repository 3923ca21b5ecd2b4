import NumericalMethods

/// Draws values above Tukey's fence, the third quartile and 1.5 interquartile ranges, in to it.
///
/// Beyond the fence a value t ranges above it becomes t/(1 + t) ranges above, so that the order stays and no value, however
/// bad, is more than one range beyond it.
/// - Source: Tukey 1977, "Exploratory data analysis", chapter 2 (the fence); one-sided as in Ax's Winsorize.
struct Winsorisation: MonotoneStep {
  let fence, range: Double

  /// The step for these values, or `nil` where there are too few or half of them are the same.
  init?(_ values: [Double]) {
    guard values.count >= 4 else { return nil }
    let sorted = values.sorted()
    let third = quantile(0.75, ofSorted: sorted)
    range = third - quantile(0.25, ofSorted: sorted)
    fence = third + 1.5 * range
    guard range > 0 else { return nil }
  }

  func apply(_ value: Double) -> Double {
    value <= fence ? value : fence + range / (1 + range / (value - fence))
  }

  func invert(_ image: Double) -> Double {
    guard image > fence else { return image }
    let share = (image - fence) / range
    return fence + range * share / max(1 - share, 0)
  }
}
