import TuningModel

/// Grows a tree on a bootstrap sample.
///
/// A node is divided where that lowers the squared error most, of two thirds of the coordinates (64 at most) drawn for it,
/// until its targets are the same. A threshold lies anywhere between two neighbouring values, with equal probability, or on
/// the border of two whole numbers; unordered values are parted in the order of their means, which finds the best of all
/// partitions. A conditional coordinate whose parent the box does not settle is worth half of what the error falls by when
/// the parent is settled and the coordinate divided then: these are two divisions, of which the first is carried out.
/// - Source: Breiman 2001, "Random forests"; for partitions of values Breiman et al. 1984, section 4.2.2.
struct TreeGrower {
  /// The most coordinates that are tried at a node.
  static let candidateLimit = 64

  let slots: [Slot]
  let columns: [[Double]]
  let targets: [Double]

  private var indices: [Int] = []
  private var order: [Int] = []
  private var random: RandomStream

  /// A way to divide a node, and what the squared error falls by.
  private struct Division {
    var test: BoxTree.Test
    var gain: Double
    /// The coordinate that gains by it.
    var slot: Int
  }

  init(_ slots: [Slot], _ columns: [[Double]], _ targets: [Double], random: RandomStream) {
    self.slots = slots
    self.columns = columns
    self.targets = targets
    self.random = random
    order = slots.indices.filter { slots[$0].kind.levelCount != 1 }
  }

  /// Grows a tree on a sample, which may hold evaluations more than once.
  mutating func grow(on sample: [Int]) -> BoxTree {
    indices = sample
    var tree = BoxTree(nodes: [BoxTree.Node(value: 0)], leaves: [], gains: Array(repeating: 0, count: slots.count))
    var open = [(node: 0, range: indices.indices, box: Box())]
    while let (node, range, box) = open.popLast() {
      if let first = range.first {
        tree.nodes[node].value = range.reduce(0) { $0 + targets[indices[$1]] } / Double(range.count)
        if range.allSatisfy({ targets[indices[$0]] == targets[indices[first]] }) {
          tree.nodes[node].value = targets[indices[first]]
        } else if let division = bestDivision(of: range, in: box, mean: tree.nodes[node].value) {
          tree.gains[division.slot] += division.gain
          var part = Array(indices[range])
          let middle = range.lowerBound + part.partition { !goesLeft($0, division.test) }
          indices.replaceSubrange(range, with: part)
          let left = tree.nodes.count
          let (leftBox, rightBox) = box.divided(by: division.test, slots)
          let child = BoxTree.Node(value: tree.nodes[node].value)
          tree.nodes[node].test = division.test
          tree.nodes[node].left = left
          tree.nodes += [child, child]
          open.append((left + 1, middle..<range.upperBound, rightBox))
          open.append((left, range.lowerBound..<middle, leftBox))
          continue
        }
      }
      tree.leaves.append(BoxTree.Leaf(box: box, value: tree.nodes[node].value))
    }
    return tree
  }

  private func goesLeft(_ index: Int, _ test: BoxTree.Test) -> Bool {
    switch test {
    case .leaf: true
    case .threshold(let slot, let threshold): columns[slot][index] <= threshold
    case .levels(let slot, let levels): levels.contains(Int(columns[slot][index]))
    }
  }

  private mutating func bestDivision(of range: Range<Int>, in box: Box, mean: Double) -> Division? {
    let wanted = min((2 * order.count + 2) / 3, Self.candidateLimit)
    var best: Division?
    // Where none of those drawn can be divided, the others are tried.
    for position in order.indices where position < wanted || best == nil {
      order.swapAt(position, position + random.index(below: order.count - position))
      let slot = order[position]
      guard let division = division(along: slot, of: range, in: box, mean: mean) else { continue }
      if division.gain > best?.gain ?? -.infinity { best = division }
    }
    return best
  }

  private mutating func division(along slot: Int, of range: Range<Int>, in box: Box, mean: Double) -> Division? {
    let blocking = blockingRequirement(of: slot, in: box)
    var rest = Group()
    var active: [(coordinate: Double, target: Double)] = []
    active.reserveCapacity(range.count)
    let column = columns[slot]
    for position in range {
      let index = indices[position]
      if column[index].isNaN {
        rest.add(targets[index] - mean)
      } else {
        active.append((column[index], targets[index] - mean))
      }
    }
    let kind = slots[slot].kind
    guard var division = kind.isOrdered ? threshold(slot, &active) : partition(slot, active, box) else { return nil }
    guard let blocking else { return division }
    division.gain = (division.gain + rest.gain) / 2
    division.test = settling(blocking, in: box)
    return division
  }

  /// Some targets.
  private struct Group {
    var sum = 0.0
    var count = 0.0

    mutating func add(_ target: Double) {
      sum += target
      count += 1
    }

    /// What they contribute to the explained sum of squares.
    var gain: Double { count > 0 ? sum * sum / count : 0 }
  }

  private mutating func threshold(_ slot: Int, _ active: inout [(coordinate: Double, target: Double)]) -> Division? {
    active.sort { $0.coordinate < $1.coordinate }
    guard let first = active.first, let last = active.last, first.coordinate < last.coordinate else { return nil }
    let total = active.reduce(0) { $0 + $1.target }
    var left = Group()
    var best: (gain: Double, low: Double, high: Double)?
    for place in 0..<active.count - 1 {
      left.add(active[place].target)
      let (low, high) = (active[place].coordinate, active[place + 1].coordinate)
      guard low < high else { continue }
      let right = Group(sum: total - left.sum, count: Double(active.count) - left.count)
      if left.gain + right.gain > best?.gain ?? -.infinity { best = (left.gain + right.gain, low, high) }
    }
    guard let best else { return nil }
    let kind = slots[slot].kind
    var threshold = best.low + random.unit() * (best.high - best.low)
    if kind.levelCount != nil {
      let last = kind.level(at: best.high) - 1
      threshold = kind.border(after: min(max(kind.level(at: threshold), kind.level(at: best.low)), last))
    }
    if !(threshold < best.high) { threshold = best.low }
    return Division(test: .threshold(slot, threshold), gain: best.gain, slot: slot)
  }

  private mutating func partition(
    _ slot: Int, _ active: [(coordinate: Double, target: Double)], _ box: Box
  ) -> Division? {
    var groups: [Int: Group] = [:]
    for (level, target) in active { groups[Int(level), default: Group()].add(target) }
    guard groups.count > 1 else { return nil }
    let sorted = groups.sorted { ($0.value.sum / $0.value.count, $0.key) < ($1.value.sum / $1.value.count, $1.key) }
    var (left, right) = (Group(), Group())
    for (_, group) in sorted { right = Group(sum: right.sum + group.sum, count: right.count + group.count) }
    var best: (gain: Double, count: Int)?
    for (place, (_, group)) in sorted.dropLast().enumerated() {
      left = Group(sum: left.sum + group.sum, count: left.count + group.count)
      right = Group(sum: right.sum - group.sum, count: right.count - group.count)
      if left.gain + right.gain > best?.gain ?? -.infinity { best = (left.gain + right.gain, place + 1) }
    }
    guard let best else { return nil }
    let kind = slots[slot].kind
    var levels = LevelSet(of: kind.levelCount ?? 0)
    for (level, _) in sorted.prefix(best.count) { levels.insert(level) }
    // Values that the sample does not have here go either way.
    for level in box.side(slot, kind).levels?.levels ?? [] where groups[level] == nil && random.next() & 1 == 0 {
      levels.insert(level)
    }
    return Division(test: .levels(slot, levels), gain: best.gain, slot: slot)
  }

  // MARK: Conditions

  /// The first condition, from the outermost on, that part of the box does not meet.
  private func blockingRequirement(of slot: Int, in box: Box) -> Slot.Requirement? {
    for requirement in slots[slot].condition {
      if let outer = blockingRequirement(of: requirement.slot, in: box) { return outer }
      let kind = slots[requirement.slot].kind
      let side = box.side(requirement.slot, kind)
      if let levels = side.levels {
        if !levels.levels.allSatisfy(requirement.levels.contains) { return requirement }
      } else if let count = kind.levelCount {
        let range = kind.levels(in: side, count)
        if range.count > requirement.levels.count || !range.allSatisfy(requirement.levels.contains) {
          return requirement
        }
      }
    }
    return nil
  }

  /// A division of the parent after which more of the box meets a condition, or less.
  private func settling(_ requirement: Slot.Requirement, in box: Box) -> BoxTree.Test {
    let kind = slots[requirement.slot].kind
    let count = kind.levelCount ?? 1
    let side = box.side(requirement.slot, kind)
    if let levels = side.levels { return .levels(requirement.slot, levels.filter(requirement.levels.contains)) }
    let range = kind.levels(in: side, count)
    var last = range.lowerBound
    if requirement.levels.contains(last) {
      while requirement.levels.contains(last + 1) { last += 1 }
    } else {
      last = (requirement.levels.filter { $0 > last }.min() ?? last + 1) - 1
    }
    return .threshold(requirement.slot, kind.border(after: min(last, range.upperBound - 1)))
  }
}
