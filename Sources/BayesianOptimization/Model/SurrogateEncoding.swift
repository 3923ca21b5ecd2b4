package import GaussianProcesses
package import TuningModel

/// The map from points of the encoded space to a surrogate's inputs.
///
/// Coordinates with one level only are left out; categorical ones become level numbers; the others are taken as they
/// stand, so that grids may be relaxed where that helps.
package struct SurrogateEncoding: Sendable {
  /// The encoding of the space.
  package let encoding: UnitCubeEncoding
  /// The slots that the surrogate sees, ascending.
  package let slots: [Int]
  /// What they mean to the surrogate.
  package let layout: InputLayout
  private let hasConditions: Bool

  package init(_ encoding: UnitCubeEncoding) {
    self.encoding = encoding
    slots = encoding.slots.indices.filter { encoding.slots[$0].kind.levelCount != 1 }
    layout = InputLayout(
      slots.map { index in
        let slot = encoding.slots[index]
        return InputLayout.Dimension(
          slot.kind.isOrdered ? .numeric : .categorical, isConditional: !slot.condition.isEmpty)
      })
    hasConditions = encoding.slots.contains { !$0.condition.isEmpty }
  }

  /// Points of the encoded space as inputs.
  package func inputs(_ points: [[Double]]) -> Inputs {
    Inputs(
      points.map(coordinates),
      active: hasConditions
        ? points.map { point in
          let active = encoding.activity(at: point)
          return slots.map { active[$0] }
        } : nil, layout: layout)
  }

  /// A gradient by features as one by the coordinates of the encoded space.
  package func pullback(_ features: [Double], at point: [Double]) -> [Double] {
    let active = hasConditions ? encoding.activity(at: point) : nil
    let reduced = layout.pullback(
      features, at: coordinates(point), active: active.map { active in slots.map { active[$0] } })
    var gradient = [Double](repeating: 0, count: encoding.dimension)
    for (index, slot) in slots.enumerated() { gradient[slot] = reduced[index] }
    return gradient
  }

  /// For each coordinate of the encoded space how far the surrogate's functions change little, between 0.01 and 1.
  package func lengthscales(_ hyperparameters: Hyperparameters) -> [Double] {
    var result = [Double](repeating: 1, count: encoding.dimension)
    for (index, slot) in slots.enumerated() { result[slot] = min(max(hyperparameters.lengthscale(index), 0.01), 1) }
    return result
  }

  /// For each categorical dimension of the layout the number of its levels.
  package var levelCounts: [Int] {
    layout.categoricalDimensions.map { encoding.slots[slots[$0]].kind.levelCount ?? 1 }
  }

  private func coordinates(_ point: [Double]) -> [Double] {
    slots.map { slot in
      let kind = encoding.slots[slot].kind
      return kind.isOrdered ? point[slot] : Double(kind.level(at: point[slot]))
    }
  }
}
