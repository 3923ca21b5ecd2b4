import CKernels
import NumericalMethods

/// A few points side by side, as one instruction of the processor takes them.
///
/// Results are laid out [w, n]: what belongs to one observation stands together for all points. Each point's results
/// depend on that point alone, to the last bit: not on its neighbours, nor on how many there are.
public struct PointLanes: Sendable {
  /// The most points that stand side by side.
  public static let limit = Int(CKERNELS_LANES)

  /// The number of points, from 1 to w.
  public let count: Int
  /// The number w of lanes, 8 or 16; those beyond `count` repeat the last point.
  public let width: Int
  /// The real features, [w, p].
  let features: Matrix
  /// For each categorical dimension the w levels.
  let levels: [[Int32]]

  /// Puts points of a range side by side.
  public init(_ inputs: Inputs, _ range: Range<Int>) {
    precondition(!range.isEmpty && range.count <= Self.limit && range.upperBound <= inputs.count, "1 to 16 points")
    count = range.count
    let width = count <= 8 ? 8 : 16
    self.width = width
    let rows = (0..<width).map { min(range.lowerBound + $0, range.upperBound - 1) }
    features = inputs.features.rows(at: rows)
    levels = inputs.levels.map { column in rows.map { column[$0] } }
  }
}
