import Foundation

/// Draws values above Tukey's fence, the third quartile and 1.5 interquartile ranges, in to it.
///
/// Beyond the fence a value t ranges above it becomes ln(1 + t) ranges above, so that the order stays.
/// - Source: Tukey 1977, "Exploratory data analysis", chapter 2 (the fence); one-sided as in Ax's Winsorize.
func winsorisedValues(_ values: [Double]) -> [Double] {
  guard values.count >= 4 else { return values }
  let sorted = values.sorted()
  let third = quantile(0.75, ofSorted: sorted)
  let range = third - quantile(0.25, ofSorted: sorted)
  guard range > 0 else { return values }
  let fence = third + 1.5 * range
  return values.map { $0 <= fence ? $0 : fence + range * log1p(($0 - fence) / range) }
}

/// The quantile of sorted values, linear between neighbours.
func quantile(_ p: Double, ofSorted sorted: [Double]) -> Double {
  let position = p * Double(sorted.count - 1)
  let below = Int(position)
  let above = min(below + 1, sorted.count - 1)
  return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
}
