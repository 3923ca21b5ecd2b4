/// The map between parameters and points of the unit cube.
///
/// Each scalar parameter is one coordinate, a vector one for each component. Log parameters are laid out by their
/// logarithm; integers and other grids by cells of equal width on their scale, values at the cells' middles;
/// unordered values by index, where only equality means anything. An inactive coordinate stands at 0.5.
public struct UnitCubeEncoding: Sendable {
  /// The space that is encoded.
  public let space: SearchSpace
  /// The coordinates, in the order of the parameters.
  public let slots: [Slot]
  /// For each parameter its first coordinate.
  public let firstSlot: [Int]

  /// Creates the encoding of a space.
  public init(_ space: SearchSpace) {
    self.space = space
    var first: [Int] = []
    var count = 0
    for parameter in space.parameters {
      first.append(count)
      count += parameter.domain.slotCount
    }
    var slots: [Slot] = []
    slots.reserveCapacity(count)
    for (index, parameter) in space.parameters.enumerated() {
      let condition = (parameter.condition?.values ?? [:]).sorted { $0.key < $1.key }.compactMap { parent, allowed in
        space.position[parent].map { position in
          let domain = space.parameters[position].domain
          return Slot.Requirement(
            slot: first[position], levels: Set(allowed.compactMap { domain.canonical($0).flatMap(domain.level(of:)) }))
        }
      }
      if case .float(let domain) = parameter.domain, let size = domain.size {
        let kind = Slot.Kind(component: domain)
        slots += (0..<size).map { Slot(parameter: index, component: $0, kind: kind, condition: condition) }
      } else {
        slots.append(Slot(parameter: index, component: nil, kind: Slot.Kind(parameter.domain), condition: condition))
      }
    }
    self.slots = slots
    firstSlot = first
  }

  /// The number of coordinates d.
  public var dimension: Int { slots.count }

  /// All coordinates whose levels decide, directly or through others, whether some of `children` take part.
  func ancestors(of children: Set<Int>) -> Set<Int> {
    var found: Set<Int> = []
    var frontier = children
    while !frontier.isEmpty {
      frontier = Set(frontier.flatMap { slots[$0].condition.map(\.slot) }).subtracting(found)
      found.formUnion(frontier)
    }
    return found
  }

  /// Which coordinates take part at a point.
  public func activity(at point: [Double]) -> [Bool] { activity(at: point, of: space.parentsFirst) }

  /// Which coordinates of some parameters take part at a point; those of others are left at `false`.
  ///
  /// - Parameter parameters: positions, parents before their children, with all parents of each.
  func activity(at point: [Double], of parameters: [Int]) -> [Bool] {
    var active = [Bool](repeating: false, count: dimension)
    for index in parameters {
      let first = firstSlot[index]
      let isActive = slots[first].condition.allSatisfy { requirement in
        active[requirement.slot]
          && requirement.levels.contains(slots[requirement.slot].kind.level(at: point[requirement.slot]))
      }
      guard isActive else { continue }
      for slot in first..<first + space.parameters[index].domain.slotCount { active[slot] = true }
    }
    return active
  }

  /// The parameters at a point, inactive ones absent; coordinates are clamped to [0, 1].
  public func decode(_ point: [Double]) -> Parameters {
    precondition(point.count == dimension, "a point of \(dimension) coordinates is needed")
    let active = activity(at: point)
    var values: Parameters = [:]
    for (index, parameter) in space.parameters.enumerated() {
      let first = firstSlot[index]
      guard active[first] else { continue }
      let kind = slots[first].kind
      switch parameter.domain {
      case .float(let domain):
        if let size = domain.size {
          values[parameter.name] = .vector((first..<first + size).map { domain.component(at: point[$0], kind) })
        } else {
          values[parameter.name] = .float(domain.component(at: point[first], kind))
        }
      case .int, .bool, .ordinal, .categorical:
        values[parameter.name] = parameter.domain.value(atLevel: kind.level(at: point[first]))
      }
    }
    return values
  }

  /// The point that stands for valid parameters; inactive coordinates are 0.5.
  ///
  /// `decode(encode(p)) == p`, exactly, for discrete values of every kind and for every float that `decode` yields.
  /// A value outside its domain stands at the nearest end.
  public func encode(_ parameters: Parameters) -> [Double] {
    var point = [Double](repeating: 0.5, count: dimension)
    for (index, parameter) in space.parameters.enumerated() {
      guard let value = parameters[parameter.name] else { continue }
      let first = firstSlot[index]
      let kind = slots[first].kind
      switch (parameter.domain, value) {
      case (.float, .vector(let components)):
        for (offset, component) in components.prefix(parameter.domain.slotCount).enumerated() {
          point[first + offset] = Self.coordinate(of: component, kind)
        }
      case (.float, _):
        if let number = value.number { point[first] = Self.coordinate(of: number, kind) }
      default:
        if let level = parameter.domain.level(of: value) { point[first] = kind.coordinate(ofLevel: level) }
      }
    }
    return point
  }

  /// The same trial's canonical point: grid coordinates at their cells' middles, inactive ones at 0.5.
  public func snap(_ point: [Double]) -> [Double] {
    let active = activity(at: point)
    return slots.indices.map { slot in
      guard active[slot] else { return 0.5 }
      let kind = slots[slot].kind
      return kind.levelCount == nil
        ? min(max(point[slot], 0), 1) : kind.coordinate(ofLevel: kind.level(at: point[slot]))
    }
  }

  private static func coordinate(of number: Double, _ kind: Slot.Kind) -> Double {
    guard case .grid(let first, let step, let count, _) = kind else { return kind.coordinate(of: number) }
    let level = ((number - first) / step).rounded()
    guard level > 0 else { return kind.coordinate(ofLevel: 0) }
    return kind.coordinate(ofLevel: level < Double(count) ? Int(level) : count - 1)
  }
}
