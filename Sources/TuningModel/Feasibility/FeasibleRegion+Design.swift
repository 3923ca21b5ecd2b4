extension FeasibleRegion {
  /// The point of a space-filling sequence that a trial number takes, moved on where it would violate a constraint.
  ///
  /// Number k takes element k − 1. Where that is infeasible, the elements 2^20 further on are tried, up to 1,000 of
  /// them, so that different numbers never try the same element; in regions thinner than that the point is random.
  ///
  /// - Parameters:
  ///   - element: the sequence's element of an index from 0 on, in the unit cube.
  ///   - random: the stream of this trial, used only when no element was feasible.
  public func designPoint(
    _ number: TrialNumber, of element: (Int) -> [Double], using random: inout some RandomNumberGenerator
  ) -> [Double] {
    for leap in 0..<(isWholeCube ? 1 : 1_000) {
      let point = element(number - 1 + leap << 20)
      if contains(point) { return encoding.snap(point) }
    }
    return sample(using: &random)
  }
}
