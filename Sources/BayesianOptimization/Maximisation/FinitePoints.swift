package import TuningModel

/// The points of a region in which every parameter has levels or a fixed value, each once.
///
/// Inactive coordinates stand at 0.5, so points that differ in them alone are one; points that violate constraints are
/// left out.
package struct FinitePoints: Sendable {
  private let region: FeasibleRegion
  /// Slots, parents before their children.
  private let order: [Int]
  /// The number of points is at least this, infeasible ones included.
  private let leastCount: Double

  /// The points of a region, or `nil` where some coordinate is continuous.
  package init?(_ region: FeasibleRegion) {
    let encoding = region.encoding
    guard encoding.slots.indices.allSatisfy({ encoding.slots[$0].kind.levelCount != nil || region.isFixed($0) })
    else { return nil }
    self.region = region
    // Points that differ in an unconditional coordinate are different points.
    leastCount = encoding.slots.indices.filter { encoding.slots[$0].condition.isEmpty && !region.isFixed($0) }
      .reduce(1) { $0 * Double(encoding.slots[$1].kind.levelCount ?? 1) }
    order = encoding.space.parentsFirst.flatMap { index in
      encoding.slots.indices.filter { encoding.slots[$0].parameter == index }
    }
  }

  /// All points in a fixed order, or `nil` when there are more than `limit`, infeasible ones included.
  package func all(limit: Int) -> [[Double]]? {
    guard leastCount <= Double(limit) else { return nil }
    var points: [[Double]] = []
    var visited = 0
    let complete = visit { point, isFeasible in
      visited += 1
      guard visited <= limit else { return false }
      if isFeasible { points.append(point) }
      return true
    }
    return complete ? points : nil
  }

  /// The first point of the fixed order that satisfies a condition; `nil` when none of the first `limit` does.
  ///
  /// - Returns: the point, and whether all points were seen.
  package func first(limit: Int, where condition: ([Double]) -> Bool) -> (point: [Double]?, sawAll: Bool) {
    var found: [Double]?
    var visited = 0
    let complete = visit { point, isFeasible in
      visited += 1
      if isFeasible, condition(point) { found = point }
      return found == nil && visited < limit
    }
    return (found, complete)
  }

  /// Visits points until the visitor has enough; whether it saw them all.
  private func visit(_ visitor: ([Double], Bool) -> Bool) -> Bool {
    var point = region.pinned([Double](repeating: 0.5, count: region.encoding.dimension))
    return descend(0, &point, visitor)
  }

  private func descend(_ depth: Int, _ point: inout [Double], _ visitor: ([Double], Bool) -> Bool) -> Bool {
    guard depth < order.count else { return visitor(point, region.contains(point)) }
    let slot = order[depth]
    let kind = region.encoding.slots[slot].kind
    // Whether a slot takes part depends on its parents alone, which are set already.
    guard !region.isFixed(slot), region.encoding.activity(at: point)[slot] else {
      return descend(depth + 1, &point, visitor)
    }
    for level in 0..<(kind.levelCount ?? 1) {
      point[slot] = kind.coordinate(ofLevel: level)
      guard descend(depth + 1, &point, visitor) else {
        point[slot] = 0.5
        return false
      }
    }
    point[slot] = 0.5
    return true
  }
}
