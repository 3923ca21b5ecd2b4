/// Why a Gaussian process could not be conditioned on its observations.
public enum GaussianProcessError: Error, Hashable, Sendable {
  /// There is nothing to condition on.
  case noObservations
  /// Inputs, targets, noise variances or hyperparameters hold a NaN or an infinity, or overflow.
  case notFinite
  /// The covariance matrix is not positive definite even with the largest jitter; `pivot` counts from 0.
  case notPositiveDefinite(pivot: Int)
}
