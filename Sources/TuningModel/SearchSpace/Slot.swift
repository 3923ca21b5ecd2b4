/// One coordinate of the encoded space: a scalar parameter, or one component of a vector.
public struct Slot: Hashable, Sendable {
  /// The parameter's position in its space.
  public var parameter: Int
  /// The component of a vector parameter.
  public var component: Int?
  /// What the coordinate holds.
  public var kind: Kind
  /// When the coordinate takes part: for each parent's coordinate, the levels that activate it.
  public var condition: [Requirement]

  /// A parent coordinate and the levels of it that activate a child.
  public struct Requirement: Hashable, Sendable {
    /// The parent's slot; it stands anywhere in the list of slots.
    public var slot: Int
    /// The levels that activate the child.
    public var levels: Set<Int>
  }

  /// What a coordinate in [0, 1] holds.
  public enum Kind: Hashable, Sendable {
    /// A real number between bounds, in natural units.
    case continuous(low: Double, high: Double, scale: Scale)
    /// Numbers `first + k · step`, 0 ≤ k < count, each the middle of its own cell on the scale.
    case grid(first: Double, step: Double, count: Int, scale: Scale)
    /// Ordered values without a metric of their own, evenly spread; `numbers` where they are numbers.
    case ordinal(count: Int, numbers: [Double]?)
    /// Unordered values; only equality of coordinates has a meaning.
    case categorical(count: Int)
  }
}

extension Slot.Kind {
  /// One component of a float parameter.
  init(component domain: FloatDomain) {
    if domain.low == domain.high {
      self = .grid(first: domain.low, step: 1, count: 1, scale: .linear)
    } else if let step = domain.step {
      self = .grid(first: domain.low, step: step, count: Domain.float(domain).levelCount ?? 1, scale: .linear)
    } else {
      self = .continuous(low: domain.low, high: domain.high, scale: domain.scale)
    }
  }

  /// An int parameter.
  init(_ domain: IntDomain) {
    self = .grid(
      first: Double(domain.low), step: Double(domain.step), count: Domain.int(domain).levelCount ?? 1,
      scale: domain.scale)
  }

  /// A scalar domain.
  init(_ domain: Domain) {
    switch domain {
    case .float(let domain): self.init(component: domain)
    case .int(let domain): self.init(domain)
    case .bool: self = .categorical(count: 2)
    case .categorical(let values): self = .categorical(count: values.count)
    case .ordinal(let values):
      let numbers = values.compactMap(\.number)
      self = .ordinal(count: values.count, numbers: numbers.count == values.count ? numbers : nil)
    }
  }

  /// The number of levels; `nil` for a continuum.
  public var levelCount: Int? {
    switch self {
    case .continuous: nil
    case .grid(_, _, let count, _), .ordinal(let count, _), .categorical(let count): count
    }
  }

  /// Whether coordinates have an order.
  public var isOrdered: Bool {
    if case .categorical = self { false } else { true }
  }

  /// The level at a coordinate, which is clamped to [0, 1]; 0 for a continuum.
  public func level(at coordinate: Double) -> Int {
    switch self {
    case .continuous: return 0
    case .ordinal(let count, _), .categorical(let count): return Self.cell(coordinate, count)
    case .grid(let first, let step, let count, let scale):
      guard scale == .log else { return Self.cell(coordinate, count) }
      let (low, high) = (first - step / 2, first + (Double(count) - 0.5) * step)
      let level = ((scale.value(at: coordinate, low: low, high: high) - first) / step).rounded()
      guard level > 0 else { return 0 }
      return level < Double(count) ? Int(level) : count - 1
    }
  }

  /// The coordinate at the middle of a level's cell; 0.5 for a continuum.
  public func coordinate(ofLevel level: Int) -> Double {
    switch self {
    case .continuous: return 0.5
    case .ordinal(let count, _), .categorical(let count): return (Double(level) + 0.5) / Double(count)
    case .grid(let first, let step, let count, let scale):
      guard scale == .log else { return (Double(level) + 0.5) / Double(count) }
      // Cells reach half a step to either side (so no level is favoured at the ends).
      let (low, high) = (first - step / 2, first + (Double(count) - 0.5) * step)
      return scale.position(of: first + Double(level) * step, low: low, high: high)
    }
  }

  /// The natural number at a coordinate, on the grid where there is one; the level where there are no numbers.
  public func value(at coordinate: Double) -> Double {
    switch self {
    case .continuous(let low, let high, let scale): scale.value(at: coordinate, low: low, high: high)
    case .grid(let first, let step, _, _): first + Double(level(at: coordinate)) * step
    case .ordinal(_, let numbers?): numbers[level(at: coordinate)]
    case .ordinal, .categorical: Double(level(at: coordinate))
    }
  }

  /// The coordinate of a natural number within the bounds, the inverse of `value(at:)` for continua.
  ///
  /// For every number that `value(at:)` yields, the coordinate found yields it again, to the last bit.
  public func coordinate(of number: Double) -> Double {
    guard case .continuous(let low, let high, let scale) = self else { return 0.5 }
    var coordinate = min(max(scale.position(of: number, low: low, high: high), 0), 1)
    // Roundings on both ways may miss by a few units in the last place: correct by the residual, then bisect.
    var slope = 0.0
    for _ in 0..<4 {
      let residual = number - scale.value(at: coordinate, low: low, high: high)
      if residual == 0 { return coordinate }
      slope = scale.slope(at: number, low: low, high: high)
      guard slope.isFinite, slope > 0 else { break }
      coordinate = min(max(coordinate + residual / slope, 0), 1)
    }
    let width = 16 * (coordinate.ulp + (slope > 0 && slope.isFinite ? number.ulp / slope : 0))
    var (below, above) = (max(coordinate - width, 0), min(coordinate + width, 1))
    while true {
      let middle = below + (above - below) / 2
      guard below < middle, middle < above else { break }
      if scale.value(at: middle, low: low, high: high) < number { below = middle } else { above = middle }
    }
    return scale.value(at: below, low: low, high: high) == number ? below : above
  }

  private static func cell(_ coordinate: Double, _ count: Int) -> Int {
    let cell = coordinate * Double(count)
    guard cell > 0 else { return 0 }  // NaN too
    return cell < Double(count) ? Int(cell) : count - 1
  }
}
