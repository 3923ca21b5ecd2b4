import GaussianProcesses
import TuningModel

/// The surroundings of the best observation, blown up to a unit cube: a small problem of its own.
///
/// It spans the observations that are nearest to the best one, so that it shrinks as a search closes in, and a model of it
/// resolves what is far below the lengthscales of the whole. Coordinates without order, and grids of few levels, stay as
/// they are at the best observation.
struct Neighbourhood {
  /// How its points become a surrogate's inputs.
  let encoding: SurrogateEncoding
  /// The observations in it, warped among themselves.
  private(set) var data: SurrogateData

  private let whole: UnitCubeEncoding
  private let centre: [Double]
  /// The slots that stay as they are.
  private let staying: [Int]
  /// The slots that vary; each is a coordinate of the neighbourhood.
  private let free: [Int]
  /// What each of them spans.
  private let sides: [ClosedRange<Double>]

  /// The observations that span it: enough for slopes and for curvatures along the axes, and some to spare.
  private static func size(_ dimension: Int) -> Int { 3 * dimension + 4 }
  /// The most observations: a fit to more would cost as much as one to all.
  private static let largestSize = FitRecord.everyTimeLimit
  /// The least width of a side: below it, steps are lost in the rounding of coordinates.
  private static let leastWidth = 1e-9

  /// Creates the neighbourhood, or `nil` where nothing varies, too much does, too little is known of it, values do not
  /// differ, or their standard errors are known.
  ///
  /// - Parameters:
  ///   - data: all observations, their targets not warped: next to large bad values, standardised ones lose the digits that
  ///     tell the near ones apart.
  ///   - region: where points may come from; the best observation has to lie in it.
  ///   - lengthscales: of the whole model, by slots: what "near" means.
  init?(_ data: SurrogateData, of encoding: SurrogateEncoding, in region: FeasibleRegion, lengthscales: [Double]) {
    let observed = data.points.indices.filter { data.isObserved[$0] }
    guard let best = observed.min(by: { data.targets[$0] < data.targets[$1] }) else { return nil }
    let whole = encoding.encoding
    let centre = data.points[best]
    let active = whole.activity(at: centre)
    let free = whole.slots.indices.filter { slot in
      let kind = whole.slots[slot].kind
      return active[slot] && !region.isFixed(slot) && kind.isOrdered
        && (kind.levelCount ?? .max) > LocalSearch.enumerationLimit
    }
    let count = Self.size(free.count)
    guard !free.isEmpty, count <= Self.largestSize, data.points.count >= count, region.contains(centre)
    else { return nil }
    self.whole = whole
    self.centre = centre
    self.free = free
    let moving = Set(free)
    let staying = whole.slots.indices.filter { active[$0] && !moving.contains($0) }
    self.staying = staying

    func distance(_ point: [Double]) -> Double {
      free.reduce(0) { sum, slot in
        let step = (point[slot] - centre[slot]) / lengthscales[slot]
        return sum + step * step
      }
    }
    let near = data.points.indices.filter { Self.agree(data.points[$0], centre, whole, staying) }
      .map { (index: $0, distance: distance(data.points[$0])) }
      .sorted { ($0.distance, $0.index) < ($1.distance, $1.index) }
      .prefix(count)
    guard near.count == count else { return nil }
    let points = near.map { data.points[$0.index] }
    let halves = free.map { slot in
      max(points.reduce(0) { max($0, abs($1[slot] - centre[slot])) }, Self.leastWidth / 2)
    }
    sides = zip(free, halves).map { max(centre[$0] - $1, 0)...min(centre[$0] + $1, 1) }
    guard let space = try? SearchSpace(free.map { Parameter("x\($0)", .float(FloatDomain(0, 1))) }),
      let local = data.rows(near.map(\.index), warping: .winsorised)
    else { return nil }
    self.encoding = SurrogateEncoding(UnitCubeEncoding(space))
    self.data = local
    self.data.points = points.map(coordinates)
  }

  /// Where a point of the neighbourhood lies in the whole space, on the grids.
  func point(at parameters: Parameters) -> [Double] {
    var point = centre
    for (index, coordinate) in encoding.encoding.encode(parameters).enumerated() {
      let moved = sides[index].lowerBound + coordinate * (sides[index].upperBound - sides[index].lowerBound)
      point[free[index]] = whole.slots[free[index]].kind.snapped(min(max(moved, 0), 1))
    }
    return point
  }

  /// Whether a point of the whole space lies in the neighbourhood.
  func contains(_ point: [Double]) -> Bool {
    Self.agree(point, centre, whole, staying) && zip(free, sides).allSatisfy { $1.contains(point[$0]) }
  }

  /// Where a point of the whole space lies in the neighbourhood, or at its border.
  func coordinates(_ point: [Double]) -> [Double] {
    zip(free, sides).map { slot, side in
      min(max((point[slot] - side.lowerBound) / (side.upperBound - side.lowerBound), 0), 1)
    }
  }

  /// Whether two points agree in some slots, and in which are active.
  private static func agree(
    _ point: [Double], _ centre: [Double], _ whole: UnitCubeEncoding, _ staying: [Int]
  ) -> Bool {
    staying.allSatisfy { point[$0] == centre[$0] } && whole.activity(at: point) == whole.activity(at: centre)
  }
}
