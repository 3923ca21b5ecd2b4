/// Finds one point of a region, or finds that there is none.
///
/// First a few hundred fixed points; then branch and bound: the levels of conditional parents are enumerated, a linear
/// programme relaxes the rest, and grids are branched where its solution is not on the grid.
struct FeasiblePointSearch {
  enum Outcome {
    case found([Double])
    case none(String)
  }

  private let encoding: UnitCubeEncoding
  private let region: FeasibleRegion
  private let parents: [Int]
  private let constrained: [Int]
  private var nodes = 0
  /// How many linear programmes are solved at most: some thousands of small ones, fewer of larger ones.
  private let nodeLimit: Int

  init(_ region: FeasibleRegion) {
    let encoding = region.encoding
    let space = encoding.space
    self.encoding = encoding
    self.region = region
    let names = Set(space.constraints.flatMap(\.coefficients.keys))
    let slots = names.compactMap { space.position[$0] }.map { encoding.firstSlot[$0] }
    constrained = slots.sorted()
    parents = encoding.ancestors(of: Set(slots)).sorted()
    // A programme of m rows and d variables takes about (m + d)² · d operations; about 10^9 are granted.
    let rows = space.constraints.count + slots.count
    nodeLimit = min(5_000, max(20, 1_000_000_000 / max(1, rows * rows * slots.count)))
  }

  mutating func run() -> Outcome {
    if region.isUnconstrained { return .found([]) }
    guard Set(parents).union(constrained).count <= SearchSpace.maximumConstrainedParameters else {
      return .none(
        """
        The constraints concern more than \(SearchSpace.maximumConstrainedParameters) parameters, counting those that \
        decide whether others take part.
        """)
    }
    var point = region.pinned([Double](repeating: 0.5, count: encoding.dimension))
    if region.contains(point) { return .found(encoding.snap(point)) }
    var random = RandomStream(seed: 0, trial: 0, purpose: .feasibility)
    for _ in 0..<512 {
      for slot in constrained + parents where !region.isFixed(slot) {
        point[slot] = Double.random(in: 0..<1, using: &random)
      }
      if region.contains(point) { return .found(encoding.snap(point)) }
    }
    if let found = enumerate(parents[...], point) { return .found(found) }
    return .none(
      nodes <= nodeLimit
        ? "No point of the space satisfies the constraints\(region.fixed.isEmpty ? "" : " with these values")."
        : "No point that satisfies the constraints was found in \(nodeLimit) steps of search; loosen them.")
  }

  private mutating func enumerate(_ parents: ArraySlice<Int>, _ point: [Double]) -> [Double]? {
    guard let parent = parents.first else { return branch(point, bounds: initialBounds(at: point)) }
    if region.isFixed(parent) { return enumerate(parents.dropFirst(), point) }
    let kind = encoding.slots[parent].kind
    for level in 0..<(kind.levelCount ?? 1) {
      if nodes > nodeLimit { return nil }
      var moved = point
      moved[parent] = kind.coordinate(ofLevel: level)
      if let found = enumerate(parents.dropFirst(), moved) { return found }
    }
    return nil
  }

  private func initialBounds(at point: [Double]) -> [ClosedRange<Double>] {
    constrained.map { slot in
      let kind = encoding.slots[slot].kind
      if parents.contains(slot) || region.isFixed(slot) {
        let value = kind.value(at: point[slot])
        return value...value
      }
      return kind.numericRange
    }
  }

  private mutating func branch(_ point: [Double], bounds: [ClosedRange<Double>]) -> [Double]? {
    nodes += 1
    guard nodes <= nodeLimit else { return nil }
    let active = encoding.activity(at: point)
    let rows = encoding.space.constraints.compactMap { constraint -> LinearProgramme.Row? in
      var a = [Double](repeating: 0, count: constrained.count)
      for (index, slot) in constrained.enumerated() {
        let name = encoding.space.parameters[encoding.slots[slot].parameter].name
        guard let coefficient = constraint.coefficients[name] else { continue }
        guard active[slot] else { return nil }
        a[index] = coefficient
      }
      return LinearProgramme.Row(a: a, b: constraint.bound)
    }
    let programme = LinearProgramme(rows: rows, lower: bounds.map(\.lowerBound), upper: bounds.map(\.upperBound))
    guard let solution = programme.innermostPoint() else { return nil }
    var moved = point
    var split: (index: Int, below: Double, above: Double)?
    for (index, slot) in constrained.enumerated() where !region.isFixed(slot) {
      let kind = encoding.slots[slot].kind
      if kind.levelCount == nil {
        moved[slot] = kind.coordinate(of: solution[index])
        continue
      }
      let (below, above) = kind.neighbours(of: solution[index])
      let near = [below, above].compactMap { $0 }.filter(bounds[index].contains)
        .min {
          abs(kind.value(at: kind.coordinate(ofLevelNumber: $0)) - solution[index])
            < abs(kind.value(at: kind.coordinate(ofLevelNumber: $1)) - solution[index])
        }
      guard let near else { return nil }
      moved[slot] = kind.coordinate(ofLevelNumber: near)
      if split == nil, let below, let above, below < above { split = (index, below, above) }
    }
    if region.contains(moved) { return encoding.snap(moved) }
    guard let split else { return nil }
    let (low, high) = (bounds[split.index].lowerBound, bounds[split.index].upperBound)
    var narrowed = bounds
    if split.below >= low {
      narrowed[split.index] = low...split.below
      if let found = branch(point, bounds: narrowed) { return found }
    }
    if split.above <= high {
      narrowed[split.index] = split.above...high
      if let found = branch(point, bounds: narrowed) { return found }
    }
    return nil
  }
}

extension Slot.Kind {
  /// The smallest and the largest natural number.
  fileprivate var numericRange: ClosedRange<Double> {
    switch self {
    case .continuous(let low, let high, _): low...high
    case .grid(let first, let step, let count, _): first...first + Double(count - 1) * step
    case .ordinal(_, let numbers?): (numbers.min() ?? 0)...(numbers.max() ?? 0)
    case .ordinal(let count, nil), .categorical(let count): 0...Double(count - 1)
    }
  }

  /// The nearest numbers of the grid at or below, and at or above, a natural number.
  fileprivate func neighbours(of number: Double) -> (below: Double?, above: Double?) {
    switch self {
    case .continuous: return (number, number)
    case .grid(let first, let step, let count, _):
      let level = (number - first) / step
      let near = level.rounded()
      // A solution within rounding of the grid is on it.
      if abs(level - near) < 1e-7 { return (first + near * step, first + near * step) }
      let (below, above) = (level.rounded(.down), level.rounded(.up))
      return (
        below >= 0 ? first + below * step : nil, above <= Double(count - 1) ? first + above * step : nil
      )
    case .ordinal(_, let numbers?):
      return (numbers.filter { $0 <= number }.max(), numbers.filter { $0 >= number }.min())
    case .ordinal(_, nil), .categorical: return (nil, nil)
    }
  }

  /// The coordinate of the level that holds a number of the grid.
  fileprivate func coordinate(ofLevelNumber number: Double) -> Double {
    switch self {
    case .grid(let first, let step, _, _): coordinate(ofLevel: Int(((number - first) / step).rounded()))
    case .ordinal(_, let numbers?): coordinate(ofLevel: numbers.firstIndex(of: number) ?? 0)
    case .continuous, .ordinal, .categorical: coordinate(of: number)
    }
  }
}
