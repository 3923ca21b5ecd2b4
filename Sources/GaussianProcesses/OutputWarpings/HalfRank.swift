import NumericalMethods

/// Replaces the values above the median by normal scores of their ranks, spread as the better half is.
///
/// With σ̂ the root mean square distance of the better half from the median, and p = ½·(rank − ½)/D the tail
/// probability of the dense rank (1 for the worst; D distinct values above the median, and ½ where the median is one of
/// the values): the value becomes median − σ̂·Φ⁻¹(p). So the worst values cannot flatten the rest, however bad they are.
/// Between the values the map is straight.
/// - Source: Song et al. 2024, "The Vizier Gaussian process bandit algorithm", appendix B (half-rank warping).
struct HalfRank: MonotoneStep {
  /// The median and the distinct values above it, ascending.
  let knots: [Double]
  /// What they become, ascending.
  let images: [Double]

  /// The step for these values, or `nil` where they do not differ.
  init?(_ values: [Double]) {
    guard values.count >= 2 else { return nil }
    let sorted = values.sorted()
    let median = quantile(0.5, ofSorted: sorted)
    let better = sorted.filter { $0 <= median }
    let all = better.contains { $0 < median } ? better : sorted
    // Relative to the largest distance, since an outlier may have made all others so small that squares vanish.
    let spread = all.reduce(0) { max($0, abs($1 - median)) }
    guard spread > 0 else { return nil }
    let sum = all.reduce(0) { $0 + (($1 - median) / spread) * (($1 - median) / spread) }
    let deviation = spread * (sum / Double(all.count)).squareRoot()
    var distinct: [Double] = []
    for value in sorted where value > median && distinct.last != value { distinct.append(value) }
    let denominator = Double(distinct.count) + (sorted.contains(median) ? 0.5 : 0)
    knots = [median] + distinct
    images =
      [median]
      + distinct.indices.map { index in
        let rank = Double(distinct.count - index)
        return median - deviation * StandardNormal.inverseCDF(0.5 * (rank - 0.5) / denominator)
      }
  }

  func apply(_ value: Double) -> Double { Self.interpolate(value, from: knots, to: images) }

  func invert(_ image: Double) -> Double { Self.interpolate(image, from: images, to: knots) }

  /// The broken line through the points; the identity before the first.
  private static func interpolate(_ x: Double, from knots: [Double], to images: [Double]) -> Double {
    guard x > knots[0] else { return x }
    var (low, high) = (0, knots.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if knots[middle] <= x { low = middle } else { high = middle }
    }
    guard high < knots.count else { return images[low] }
    return images[low] + (images[high] - images[low]) * ((x - knots[low]) / (knots[high] - knots[low]))
  }
}
