/// The part of the unit cube whose points satisfy a space's linear constraints and have the values that were fixed.
///
/// Every tuner draws and moves inside it, so that no suggestion violates a constraint. Points are coordinates of
/// `encoding`; a point is judged by the parameters that it decodes to, so grids count with their rounded values.
public struct FeasibleRegion: Sendable {
  /// The encoding of the space.
  public let encoding: UnitCubeEncoding
  /// The values of the parameters that do not vary; empty in the region of a whole space.
  public let fixed: Parameters
  /// The coordinates that do not vary, by their slots.
  private let pins: [Int: Double]
  /// A feasible point to start from; empty without constraints.
  private let anchor: [Double]
  private let rows: [Row]
  private let constrained: [Int]
  /// The parameters that these coordinates belong to, parents first: no others matter to the constraints, and in a
  /// space of many parameters looking at all of them for every step would be most of the work.
  private let relevant: [Int]

  /// One constraint over slots.
  private struct Row {
    var terms: [(slot: Int, coefficient: Double)]
    var bound: Double
  }

  /// Creates the region; a space that exists has at least one feasible point.
  public init(_ encoding: UnitCubeEncoding) { self.init(encoding, fixed: [:], anchor: encoding.space.anchor) }

  /// Creates the region in which some parameters, active at every point of it, have values of their domains.
  ///
  /// - Parameter anchor: a feasible point of it; empty while none is known.
  init(_ encoding: UnitCubeEncoding, fixed: Parameters, anchor: [Double]) {
    self.encoding = encoding
    self.fixed = fixed
    self.anchor = anchor
    let point = encoding.encode(fixed)
    var pins: [Int: Double] = [:]
    for index in fixed.keys.compactMap({ encoding.space.position[$0] }) {
      let first = encoding.firstSlot[index]
      for slot in first..<first + encoding.space.parameters[index].domain.slotCount { pins[slot] = point[slot] }
    }
    self.pins = pins
    rows = encoding.space.constraints.map { constraint in
      Row(
        terms: constraint.coefficients.sorted { $0.key < $1.key }.compactMap { name, coefficient in
          encoding.space.position[name].map { (encoding.firstSlot[$0], coefficient) }
        },
        bound: constraint.bound)
    }
    // Coordinates whose change may matter: those in constraints and those that decide whether these are active.
    let slots = Set(rows.flatMap { $0.terms.map(\.slot) })
    constrained = slots.union(encoding.ancestors(of: slots)).sorted()
    let parameters = Set(constrained.map { encoding.slots[$0].parameter })
    relevant = encoding.space.parentsFirst.filter(parameters.contains)
  }

  /// Whether there are no constraints, so that the region is the whole cube, or the part of it with the fixed values.
  public var isUnconstrained: Bool { rows.isEmpty }

  /// Whether a coordinate has a fixed value.
  public func isFixed(_ slot: Int) -> Bool { pins[slot] != nil }

  /// The point with the fixed values in their places.
  public func pinned(_ point: [Double]) -> [Double] {
    var pinned = point
    for (slot, coordinate) in pins { pinned[slot] = coordinate }
    return pinned
  }

  /// The parameters at a point of the region: the fixed values as they were given, the others as they are decoded.
  public func decode(_ point: [Double]) -> Parameters {
    encoding.decode(point).merging(fixed) { _, given in given }
  }

  /// Whether a point has the fixed values and satisfies every constraint that applies there.
  public func contains(_ point: [Double]) -> Bool {
    pins.allSatisfy { point[$0.key] == $0.value }
      && (isUnconstrained || contains(point, active: encoding.activity(at: point, of: relevant)))
  }

  private func contains(_ point: [Double], active: [Bool]) -> Bool {
    rows.allSatisfy { row in
      guard row.terms.allSatisfy({ active[$0.slot] }) else { return true }
      let terms = row.terms.map { $0.coefficient * encoding.slots[$0.slot].kind.value(at: point[$0.slot]) }.sorted()
      return terms.reduce(0, +) <= row.bound + LinearConstraint.tolerance(terms, row.bound)
    }
  }

  /// A random point of the region.
  ///
  /// Uniform over the region, in encoded coordinates, where one in a thousand points of the cube is feasible.
  /// In thinner regions a walk of 50 Gibbs sweeps from a known feasible point (each coordinate redrawn uniformly
  /// over what the others allow), which is approximately uniform.
  public func sample(using random: inout some RandomNumberGenerator) -> [Double] {
    for _ in 0..<(isUnconstrained ? 1 : 1_000) {
      let point = pinned(encoding.slots.indices.map { _ in Double.random(in: 0..<1, using: &random) })
      if contains(point) { return encoding.snap(point) }
    }
    var point = pinned(encoding.slots.indices.map { _ in Double.random(in: 0..<1, using: &random) })
    for slot in constrained { point[slot] = anchor[slot] }
    for _ in 0..<50 {
      for slot in constrained { redraw(slot, in: &point, using: &random) }
    }
    return encoding.snap(point)
  }

  /// Draws one coordinate anew, uniformly over the values that keep a feasible point feasible.
  public func redraw(_ slot: Int, in point: inout [Double], using random: inout some RandomNumberGenerator) {
    if isFixed(slot) { return }
    let kind = encoding.slots[slot].kind
    if kind.levelCount == nil {
      let range = range(of: slot, at: point)
      var moved = point
      moved[slot] = range.lowerBound < range.upperBound ? Double.random(in: range, using: &random) : range.lowerBound
      if contains(moved) { point = moved }
    } else if let level = feasibleLevels(of: slot, at: point).randomElement(using: &random) {
      point[slot] = kind.coordinate(ofLevel: level)
    }
  }

  /// The coordinates that a continuous slot may take at a feasible point while all others stay; never empty, since
  /// the point's own coordinate is among them.
  public func range(of slot: Int, at point: [Double]) -> ClosedRange<Double> {
    if isFixed(slot) { return point[slot]...point[slot] }
    guard case .continuous(var low, var high, _) = encoding.slots[slot].kind else { return 0...1 }
    if isUnconstrained { return 0...1 }
    let kind = encoding.slots[slot].kind
    let active = encoding.activity(at: point, of: relevant)
    for row in rows where row.terms.allSatisfy({ active[$0.slot] }) {
      guard let own = row.terms.first(where: { $0.slot == slot }) else { continue }
      let rest = row.terms.filter { $0.slot != slot }
        .reduce(0) { $0 + $1.coefficient * encoding.slots[$1.slot].kind.value(at: point[$1.slot]) }
      let limit = (row.bound - rest) / own.coefficient
      if own.coefficient > 0 { high = min(high, limit) } else { low = max(low, limit) }
    }
    guard low < high else { return point[slot]...point[slot] }
    let (from, to) = (kind.coordinate(of: low), kind.coordinate(of: high))
    return min(from, point[slot])...max(to, point[slot])
  }

  /// The levels that a discrete slot may take at a feasible point while all others stay, in order.
  ///
  /// Of a grid with more than 512 levels those nearest to the present one, 256 to either side.
  public func feasibleLevels(of slot: Int, at point: [Double]) -> [Int] {
    let kind = encoding.slots[slot].kind
    guard let count = kind.levelCount else { return [] }
    let present = kind.level(at: point[slot])
    if isFixed(slot) { return [present] }
    let window = count <= 512 ? 0..<count : max(0, present - 256)..<min(count, present + 257)
    if isUnconstrained { return Array(window) }
    var moved = point
    return window.filter { level in
      moved[slot] = kind.coordinate(ofLevel: level)
      return contains(moved)
    }
  }

  /// How far a point violates the constraints, for penalties: Σ max(0, (a·x − b) / ‖a‖₁)², x the natural values in units
  /// of their ranges, grids taken as continuous.
  ///
  /// - Parameters:
  ///   - point: its coordinates in the unit cube.
  ///   - gradient: receives the derivatives with respect to the point's coordinates; it is overwritten.
  public func violation(at point: [Double], gradient: inout [Double]) -> Double {
    for index in gradient.indices { gradient[index] = 0 }
    if isUnconstrained { return 0 }
    let active = encoding.activity(at: point, of: relevant)
    var sum = 0.0
    for row in rows where row.terms.allSatisfy({ active[$0.slot] }) {
      let relaxed = row.terms.map { encoding.slots[$0.slot].kind.relaxed(at: point[$0.slot]) }
      let size = zip(row.terms, relaxed).reduce(0) { $0 + abs($1.0.coefficient) * $1.1.range }
      let excess = zip(row.terms, relaxed).reduce(-row.bound) { $0 + $1.0.coefficient * $1.1.value }
      guard excess > 0, size > 0 else { continue }
      sum += (excess / size) * (excess / size)
      for (term, value) in zip(row.terms, relaxed) {
        gradient[term.slot] += 2 * excess / (size * size) * term.coefficient * value.slope
      }
    }
    return sum
  }
}

extension Slot.Kind {
  /// The natural value at a coordinate with grids taken as continuous, its derivative, and the width of its range.
  fileprivate func relaxed(at coordinate: Double) -> (value: Double, slope: Double, range: Double) {
    switch self {
    case .continuous(let low, let high, let scale): return Self.relaxed(coordinate, low, high, scale)
    case .grid(let first, let step, let count, let scale):
      return Self.relaxed(coordinate, first - step / 2, first + (Double(count) - 0.5) * step, scale)
    case .ordinal(let count, let numbers?):
      // Linear between the levels' middles.
      let at = min(max(coordinate * Double(count) - 0.5, 0), Double(count - 1))
      let left = min(Int(at), max(count - 2, 0))
      let right = min(left + 1, count - 1)
      let slope = numbers[right] - numbers[left]
      let range = (numbers.max() ?? 0) - (numbers.min() ?? 0)
      return (numbers[left] + (at - Double(left)) * slope, slope * Double(count), range)
    case .ordinal, .categorical: return (0, 0, 0)
    }
  }

  private static func relaxed(
    _ coordinate: Double, _ low: Double, _ high: Double, _ scale: Scale
  ) -> (value: Double, slope: Double, range: Double) {
    let value = scale.value(at: coordinate, low: low, high: high)
    return (value, scale.slope(at: value, low: low, high: high), high - low)
  }
}
