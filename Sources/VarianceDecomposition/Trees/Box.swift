import TuningModel

/// A box of the encoded space: the whole range of most coordinates, a part of the range of some.
struct Box: Sendable {
  /// The part of one coordinate's range.
  struct Side: Sendable {
    /// The coordinate.
    var slot: Int
    /// The ends, of an ordered coordinate.
    var low = 0.0, high = 1.0
    /// The values, of an unordered one.
    var levels: LevelSet?

    /// The share of the range.
    func length(among count: Int?) -> Double {
      if let levels, let count { Double(levels.count) / Double(count) } else { high - low }
    }
  }

  /// The parts, in the order of their coordinates.
  private(set) var sides: [Side] = []

  /// The part of a coordinate; the whole range where nothing restricts it.
  func side(_ slot: Int, _ kind: Slot.Kind) -> Side {
    if let side = sides.first(where: { $0.slot == slot }) { return side }
    if case .categorical(let count) = kind { return Side(slot: slot, levels: LevelSet(allOf: count)) }
    return Side(slot: slot)
  }

  /// The box with another part of one coordinate's range.
  func with(_ side: Side) -> Box {
    var box = self
    if let place = sides.firstIndex(where: { $0.slot >= side.slot }) {
      if sides[place].slot == side.slot { box.sides[place] = side } else { box.sides.insert(side, at: place) }
    } else {
      box.sides.append(side)
    }
    return box
  }

  /// The two parts of the box that a test tells apart.
  func divided(by test: BoxTree.Test, _ slots: [Slot]) -> (left: Box, right: Box) {
    switch test {
    case .leaf: return (self, self)
    case .threshold(let slot, let threshold):
      var (left, right) = (side(slot, slots[slot].kind), side(slot, slots[slot].kind))
      left.high = threshold
      right.low = threshold
      return (with(left), with(right))
    case .levels(let slot, let levels):
      var (left, right) = (side(slot, slots[slot].kind), side(slot, slots[slot].kind))
      let all = left.levels
      left.levels = all?.filter(levels.contains)
      right.levels = all?.filter { !levels.contains($0) }
      return (with(left), with(right))
    }
  }
}

extension Slot.Kind {
  /// The place between a level of an ordered coordinate and the next one.
  func border(after level: Int) -> Double { (coordinate(ofLevel: level) + coordinate(ofLevel: level + 1)) / 2 }

  /// The levels of an ordered coordinate in a part of its range.
  func levels(in side: Box.Side, _ count: Int) -> ClosedRange<Int> {
    let (below, above) = (level(at: side.low), level(at: side.high))
    let first = min(coordinate(ofLevel: below) > side.low ? below : below + 1, count - 1)
    let last = coordinate(ofLevel: above) < side.high ? above : above - 1
    return first...max(first, last)
  }
}
