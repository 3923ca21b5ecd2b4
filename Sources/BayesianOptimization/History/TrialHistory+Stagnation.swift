import NumericalMethods

extension TrialHistory {
  /// An improvement counts from this part of what separates the best value from those that the search began with.
  private static let leastImprovement = 1e-6
  /// The values that a search begins with.
  private static let beginnings = 20

  /// Whether the newest `patience` values brought no improvement that counts.
  ///
  /// The yardstick is the distance of the best value from the median of the first 20: those of later trials crowd together
  /// where the search has gone, and next to them every improvement looks large.
  /// - Complexity: O(n).
  func stagnates(patience: Int) -> Bool {
    let values = valued.map(\.value)
    guard values.count >= Self.beginnings + patience, let best = values.min() else { return false }
    let beginning = quantile(0.5, ofSorted: values.prefix(Self.beginnings).sorted())
    let least = Self.leastImprovement * (beginning - best)
    guard least > 0, least.isFinite else { return false }
    let earlier = values.dropLast(patience).min() ?? .infinity
    return earlier - best <= least
  }
}
