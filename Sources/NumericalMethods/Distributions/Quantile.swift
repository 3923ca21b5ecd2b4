/// The quantile of sorted values, linear between neighbours.
///
/// - Parameters:
///   - p: in [0, 1].
///   - sorted: not empty.
package func quantile(_ p: Double, ofSorted sorted: [Double]) -> Double {
  let position = p * Double(sorted.count - 1)
  let below = Int(position)
  let above = min(below + 1, sorted.count - 1)
  return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
}
