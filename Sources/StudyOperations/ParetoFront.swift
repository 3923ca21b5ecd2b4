/// The points that no other point dominates.
package enum ParetoFront {
  /// Where they stand among the points, in order; equal points stand all or not at all.
  ///
  /// A point dominates another when it is nowhere worse and somewhere better. The points are sorted first, so that only
  /// points of the front are compared with: n log n for two objectives with a short front, n times its length at worst.
  /// - Parameter costs: the points, all with as many costs, each to be minimised.
  package static func indices(of costs: [[Double]]) -> [Int] {
    let order = costs.indices.sorted { costs[$0].lexicographicallyPrecedes(costs[$1]) }
    var front: [Int] = []
    for index in order where !front.contains(where: { dominates(costs[$0], costs[index]) }) { front.append(index) }
    return front.sorted()
  }

  private static func dominates(_ one: [Double], _ other: [Double]) -> Bool {
    var isBetter = false
    for (a, b) in zip(one, other) {
      if a > b { return false }
      if a < b { isBetter = true }
    }
    return isBetter
  }
}
