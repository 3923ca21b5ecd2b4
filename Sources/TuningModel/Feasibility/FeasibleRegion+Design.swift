extension FeasibleRegion {
  /// How far on the next element lies that a number tries: beyond the numbers of other trials, so that they do not try
  /// the same one, and odd, so that the elements of a Sobol sequence spread over every coordinate.
  private static let leap = (1 << 20) + 7
  private static let leaps = 1_000

  /// The point of a space-filling sequence that a trial number takes, moved on where it is not acceptable.
  ///
  /// Number k takes element k − 1 where that is feasible and acceptable, else one of the 1,000 elements that lie 2^20 + 7,
  /// twice that and so on further on.
  ///
  /// - Parameters:
  ///   - number: the trial's number k, from 1 on.
  ///   - element: the sequence's element of an index from 0 to below 2^31, in the unit cube.
  ///   - isAcceptable: what is asked of a point besides being feasible.
  /// - Returns: the point, snapped; `nil` when none of the elements would do.
  public func designPoint(
    _ number: TrialNumber, of element: (Int) -> [Double], where isAcceptable: ([Double]) -> Bool = { _ in true }
  ) -> [Double]? {
    for leap in 0...Self.leaps {
      let point = encoding.snap(pinned(element(number - 1 + leap * Self.leap)))
      if contains(point), isAcceptable(point) { return point }
    }
    return nil
  }
}
