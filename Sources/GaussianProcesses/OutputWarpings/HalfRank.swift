import NumericalMethods

/// Replaces the values above the median by normal scores of their ranks, spread as the better half is.
///
/// With σ̂ the root mean square distance of the better half from the median, and p = ½·(rank − ½)/D the tail
/// probability of the dense rank (1 for the worst; D distinct values above the median, and ½ where the median is one of
/// the values): the value becomes median − σ̂·Φ⁻¹(p). So the worst values cannot flatten the rest, however bad they are.
/// - Source: Song et al. 2024, "The Vizier Gaussian process bandit algorithm", appendix B (half-rank warping).
func halfRankedValues(_ values: [Double]) -> [Double] {
  guard values.count >= 2 else { return values }
  let sorted = values.sorted()
  let median = quantile(0.5, ofSorted: sorted)
  let better = sorted.filter { $0 <= median }
  let all = better.contains { $0 < median } ? better : sorted
  let deviation = (all.reduce(0) { $0 + ($1 - median) * ($1 - median) } / Double(all.count)).squareRoot()
  guard deviation > 0 else { return values }
  var distinct: [Double] = []
  for value in sorted where value > median && distinct.last != value { distinct.append(value) }
  let denominator = Double(distinct.count) + (sorted.contains(median) ? 0.5 : 0)
  var score: [Double: Double] = [:]
  for (index, value) in distinct.enumerated() {
    let rank = Double(distinct.count - index)
    score[value] = median - deviation * StandardNormal.inverseCDF(0.5 * (rank - 0.5) / denominator)
  }
  return values.map { score[$0] ?? $0 }
}
