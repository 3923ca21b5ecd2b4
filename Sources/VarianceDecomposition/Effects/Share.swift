/// A ratio of two sums over pairs of trees, and its standard error.
struct Share {
  /// The ratio.
  let value: Double
  /// The jackknife's estimate of its standard error.
  let standardError: Double

  /// The share of parts in wholes, one of each for every pair (t, t + 1) in a ring of trees.
  ///
  /// Each tree is in two pairs, so the jackknife leaves out trees, not pairs.
  /// - Source: Efron 1982, "The jackknife, the bootstrap and other resampling plans", section 3.
  init(of parts: [Double], in wholes: [Double]) {
    let n = parts.count
    let part = parts.reduce(0, +)
    let whole = wholes.reduce(0, +)
    value = part / whole
    let without = (0..<n).map { t in
      let before = (t + n - 1) % n
      return (part - parts[t] - parts[before]) / (whole - wholes[t] - wholes[before])
    }
    let mean = without.reduce(0) { $0 + $1 / Double(n) }
    let squares = without.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    standardError = (squares * Double(n - 1) / Double(n)).squareRoot()
  }
}
