/// Which observations a model is conditioned on when there are more than it can take.
///
/// The best ones, because the optimum is near them; the newest, because the search is there; and others far from those and
/// from each other, so that the model keeps the whole space in view. Whatever the number of observations, choosing costs
/// the same but for one pass over them: those far away are looked for among a fixed number of candidates, taken by a hash
/// of their trials' numbers, so that a growing history keeps about half of them or all.
package struct ObservationSubset: Hashable, Sendable {
  /// The number of best observations.
  package var best = 300
  /// The number of newest observations.
  package var newest = 200
  /// The number of observations far from the others.
  package var farthest = 500
  /// The number of observations at most among which those far away are looked for.
  package var candidates = 2_000

  /// Creates the rule in use unless told otherwise.
  package init() {}

  /// The number of observations that are taken at most.
  package var limit: Int { best + newest + farthest }

  /// The positions of the chosen observations, ascending.
  ///
  /// - Parameters:
  ///   - values: n values to be minimised, in the order of their trials.
  ///   - numbers: the trials' numbers, [n].
  ///   - point: the coordinates of the observation at a position, d of them.
  /// - Complexity: O(n log n) in values, and O((`limit` + `farthest`)·`candidates`·d) for distances.
  package func indices(values: [Double], numbers: [Int], point: (Int) -> [Double]) -> [Int] {
    let n = values.count
    guard n > limit else { return Array(0..<n) }
    var isChosen = [Bool](repeating: false, count: n)
    var chosen = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }.prefix(best) + []
    for index in chosen { isChosen[index] = true }
    for index in stride(from: n - 1, through: 0, by: -1) where !isChosen[index] {
      guard chosen.count < best + newest else { break }
      isChosen[index] = true
      chosen.append(index)
    }
    let pool = pool(of: numbers).filter { !isChosen[$0] }
    let points = pool.map(point)
    var gaps = [Double](repeating: .infinity, count: pool.count)
    func cover(_ centre: [Double]) {
      for other in pool.indices where gaps[other] >= 0 {
        gaps[other] = min(gaps[other], squaredDistance(centre, points[other]))
      }
    }
    for index in chosen { cover(point(index)) }
    for _ in 0..<min(farthest, pool.count) {
      guard let next = gaps.indices.max(by: { gaps[$0] < gaps[$1] }) else { break }
      chosen.append(pool[next])
      cover(points[next])
      gaps[next] = -1
    }
    return chosen.sorted()
  }

  /// At most `candidates` positions.
  private func pool(of numbers: [Int]) -> [Int] {
    var share = UInt64.max
    while true {
      let positions = numbers.indices.filter { Self.hash(numbers[$0]) <= share }
      if positions.count <= candidates { return positions }
      share /= 2
    }
  }

  private static func hash(_ number: Int) -> UInt64 {
    // SplitMix64's finaliser.
    var z = UInt64(bitPattern: Int64(number)) &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

private func squaredDistance(_ a: [Double], _ b: [Double]) -> Double {
  var sum = 0.0
  for index in a.indices { sum += (a[index] - b[index]) * (a[index] - b[index]) }
  return sum
}
