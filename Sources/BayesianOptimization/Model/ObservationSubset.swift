/// Chooses the observations that a surrogate is conditioned on when there are too many for one.
///
/// The best, the newest, and then those farthest from all chosen ones, so that every region stays known.
package struct ObservationSubset: Hashable, Sendable {
  /// How many of the best, of the newest, and of the farthest are taken.
  package var best = 300
  package var newest = 200
  package var farthest = 500

  /// Creates the rule in use unless told otherwise.
  package init() {}

  /// The indices chosen, ascending; all where they are no more than are taken.
  ///
  /// - Parameters:
  ///   - points: n points in the order of time.
  ///   - values: n values, the smaller the better.
  ///   - distance: the squared distance of two points.
  /// - Complexity: O(n · chosen) distances.
  package func indices(
    _ points: [[Double]], values: [Double], distance: ([Double], [Double]) -> Double
  ) -> [Int] {
    let n = points.count
    guard n > best + newest + farthest else { return Array(0..<n) }
    var chosen = Set(values.indices.sorted { (values[$0], $0) < (values[$1], $1) }.prefix(best))
    for index in stride(from: n - 1, through: 0, by: -1) where chosen.count < best + newest { chosen.insert(index) }
    var gaps = [Double](repeating: .infinity, count: n)
    func cover(_ index: Int) {
      for other in 0..<n { gaps[other] = min(gaps[other], distance(points[index], points[other])) }
    }
    for index in chosen.sorted() { cover(index) }
    while chosen.count < best + newest + farthest {
      guard let next = (0..<n).filter({ !chosen.contains($0) }).max(by: { gaps[$0] < gaps[$1] }) else { break }
      chosen.insert(next)
      cover(next)
    }
    return chosen.sorted()
  }
}
