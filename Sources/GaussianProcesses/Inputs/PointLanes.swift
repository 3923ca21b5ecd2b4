import CKernels

/// A few points side by side, as one instruction of the processor takes them.
///
/// Results are laid out [w, n]: what belongs to one observation stands together for all points. Each point's results
/// depend on that point alone, to the last bit: not on its neighbours, nor on how many there are.
public struct PointLanes: Sendable {
  /// The most points that stand side by side.
  public static let limit = Int(CKERNELS_LANES)

  /// The number of points, from 1 to w.
  public let count: Int
  /// w points, w = 8 or 16; those beyond `count` repeat the last.
  let inputs: Inputs

  /// Puts points of a range side by side.
  public init(_ inputs: Inputs, _ range: Range<Int>) {
    precondition(!range.isEmpty && range.count <= Self.limit && range.upperBound <= inputs.count, "1 to 16 points")
    count = range.count
    self.inputs = inputs.points(
      at: (0..<(range.count <= 8 ? 8 : 16)).map { min(range.lowerBound + $0, range.upperBound - 1) })
  }

  private init(count: Int, inputs: Inputs) {
    self.count = count
    self.inputs = inputs
  }

  /// The number w of lanes.
  public var width: Int { inputs.count }

  /// The points that a function makes of these, one by one.
  func mapped(_ transform: (Inputs) -> Inputs) -> PointLanes {
    PointLanes(count: count, inputs: transform(inputs))
  }
}
