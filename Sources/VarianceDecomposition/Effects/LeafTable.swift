import TuningModel

/// The leaves of a tree, laid out for integrals over pairs of them.
struct LeafTable: Sendable {
  /// One side of a leaf that does not span its coordinate's whole range.
  struct Side: Sendable {
    /// The coordinate, as numbered in `SplitSpace`.
    var slot: Int32
    /// The parameter that it belongs to, as numbered there.
    var parameter: Int32
    /// Where its words begin, of an unordered coordinate.
    var words: Int32
    /// The ends, of an ordered one.
    var low, high: Double
    /// One over the share of the range.
    var inverse: Double
  }

  /// For each leaf its value times its volume.
  var weights: [Double] = []
  /// The sides of all leaves, those of one leaf together, in the order of coordinates.
  var sides: [Side] = []
  /// Where the sides of each leaf begin, and where the last ends.
  var starts: [Int] = [0]
  /// The bits of the unordered values of all sides.
  var words: [UInt64] = []

  init(_ tree: BoxTree, in space: SplitSpace) {
    for leaf in tree.leaves {
      var weight = leaf.value
      for side in leaf.box.sides {
        let kind = space.slots[side.slot].kind
        let length = side.length(among: kind.levelCount)
        weight *= length
        guard let slot = space.number[side.slot] else { continue }
        sides.append(
          Side(
            slot: Int32(slot), parameter: Int32(space.parameterOfSlot[slot]),
            words: Int32(side.levels == nil ? -1 : words.count), low: side.low, high: side.high, inverse: 1 / length))
        words += side.levels?.words ?? []
      }
      weights.append(weight)
      starts.append(sides.count)
    }
  }

  /// For each leaf and coordinate the place of its side, or -1: [leaf, slot].
  func places(_ slotCount: Int) -> [Int32] {
    var places = [Int32](repeating: -1, count: weights.count * slotCount)
    for leaf in weights.indices {
      for side in starts[leaf]..<starts[leaf + 1] { places[leaf * slotCount + Int(sides[side].slot)] = Int32(side) }
    }
    return places
  }
}

/// The coordinates that a forest divides, and their parameters, numbered from 0.
struct SplitSpace: Sendable {
  /// All coordinates of the space.
  let slots: [Slot]
  /// The number of a coordinate.
  private(set) var number: [Int: Int] = [:]
  /// For each numbered coordinate the number of its parameter.
  private(set) var parameterOfSlot: [Int] = []
  /// For each numbered coordinate the count of its unordered values; 0 of an ordered one.
  private(set) var levelCounts: [Int] = []
  /// For each numbered parameter its position in the space.
  private(set) var parameters: [Int] = []
  /// For each numbered parameter by how much its divisions have lowered the squared error in all trees.
  private(set) var gains: [Double] = []

  init(of forest: [BoxTree], _ slots: [Slot]) {
    self.slots = slots
    let divided = Set(forest.flatMap { $0.leaves.flatMap { $0.box.sides.map(\.slot) } }).sorted()
    for slot in divided {
      number[slot] = parameterOfSlot.count
      if parameters.last != slots[slot].parameter {
        parameters.append(slots[slot].parameter)
        gains.append(0)
      }
      parameterOfSlot.append(parameters.count - 1)
      if case .categorical(let count) = slots[slot].kind { levelCounts.append(count) } else { levelCounts.append(0) }
      gains[parameters.count - 1] += forest.reduce(0) { $0 + $1.gains[slot] }
    }
  }
}
