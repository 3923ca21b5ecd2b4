import TuningModel

/// Points that differ from one of a region in one coordinate.
struct AxisMoves {
  private let region: FeasibleRegion
  private let point: [Double]

  init(_ region: FeasibleRegion, from point: [Double]) {
    self.region = region
    self.point = point
  }

  /// The points, which constraints may forbid; coordinates that are fixed or inactive stay.
  ///
  /// - Parameters:
  ///   - relaxed: grids of more levels than this count as continuous; their points come to stand on levels.
  ///   - continuous: where to go from a coordinate without levels.
  ///   - levels: which of the other levels to go to, given them and the present one.
  func points(
    relaxed limit: Int = .max, continuous: (Double) -> [Double], levels: ([Int], Int) -> [Int]
  ) -> [[Double]] {
    let active = region.encoding.activity(at: point)
    var points: [[Double]] = []
    for (slot, description) in region.encoding.slots.enumerated() where active[slot] && !region.isFixed(slot) {
      let kind = description.kind
      let coordinates: [Double]
      if kind.isOrdered, kind.levelCount.map({ $0 > limit }) ?? true {
        coordinates = continuous(point[slot]).map(kind.snapped)
      } else {
        let present = kind.level(at: point[slot])
        let others = region.feasibleLevels(of: slot, at: point).filter { $0 != present }
        coordinates = levels(others, present).map(kind.coordinate(ofLevel:))
      }
      for coordinate in coordinates {
        var moved = point
        moved[slot] = coordinate
        points.append(moved)
      }
    }
    return points
  }
}
