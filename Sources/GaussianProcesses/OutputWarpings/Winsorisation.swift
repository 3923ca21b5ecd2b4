/// Draws values above Tukey's fence, the third quartile and 1.5 interquartile ranges, in to it.
///
/// Beyond the fence a value t ranges above it becomes t/(1 + t) ranges above, so that the order stays and no value, however
/// bad, is more than one range beyond it.
/// - Source: Tukey 1977, "Exploratory data analysis", chapter 2 (the fence); one-sided as in Ax's Winsorize.
func winsorisedValues(_ values: [Double]) -> [Double] {
  guard values.count >= 4 else { return values }
  let sorted = values.sorted()
  let third = quantile(0.75, ofSorted: sorted)
  let range = third - quantile(0.25, ofSorted: sorted)
  guard range > 0 else { return values }
  let fence = third + 1.5 * range
  return values.map { $0 <= fence ? $0 : fence + range * saturated(($0 - fence) / range) }
}

private func saturated(_ t: Double) -> Double { 1 / (1 + 1 / t) }

/// The quantile of sorted values, linear between neighbours.
func quantile(_ p: Double, ofSorted sorted: [Double]) -> Double {
  let position = p * Double(sorted.count - 1)
  let below = Int(position)
  let above = min(below + 1, sorted.count - 1)
  return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
}
