/// Why a factorisation could not be computed from the numbers it was given.
public enum LinearAlgebraError: Error, Equatable, Sendable {
  /// The leading minor that ends at this row, counted from zero, is not positive definite.
  case notPositiveDefinite(pivot: Int)

  /// The input holds a NaN or an infinity.
  case notFinite

  /// An iterative eigenvalue method did not converge.
  case notConverged
}
