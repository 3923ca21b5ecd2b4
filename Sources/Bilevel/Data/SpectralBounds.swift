import NumericalMethods

/// Bounds of the eigenvalues of AᵀA, which hold in spite of rounding.
struct SpectralBounds: Hashable, Sendable {
  /// A lower bound of the least eigenvalue of AᵀA, never negative.
  var least: Double
  /// An upper bound of the greatest eigenvalue of AᵀA.
  var greatest: Double

  /// Above this order eigenvalues are not computed.
  static let largestOrder = 1_000

  /// Bounds for a matrix: from its eigenvalues, or beyond `largestOrder` from ‖A‖² ≤ ‖A‖₁‖A‖_∞ and 0.
  ///
  /// - Complexity: O(min(rows, columns)² · max(rows, columns)).
  init(ofGramOf a: Matrix) {
    let order = min(a.rows, a.columns)
    if order <= Self.largestOrder,
      let values = try? a.gram(of: a.columns <= a.rows ? .columns : .rows).symmetricEigenvalues(),
      let first = values.first, let last = values.last
    {
      // LAPACK's eigenvalues, and the sums they come from, are off by a small multiple of n·ε·‖A‖².
      let rounding = 4 * Double(a.rows + a.columns) * .ulpOfOne * last
      least = a.columns <= a.rows ? max(0, first - rounding) : 0
      greatest = last + rounding
      return
    }
    var rowSums = [Double](repeating: 0, count: a.rows)
    let magnitudes = a.map(\.magnitude)
    magnitudes.sumRows(into: &rowSums)
    let columnSums = magnitudes.multiplying([Double](repeating: 1, count: a.rows), transposing: true)
    least = 0
    greatest = (rowSums.max() ?? 0) * (columnSums.max() ?? 0)
  }
}
