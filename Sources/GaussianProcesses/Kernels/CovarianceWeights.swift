public import NumericalMethods

/// The derivative W = ½(ααᵀ − C⁻¹) of a log likelihood by the covariance matrix C = K + diag(σ²) = L·Lᵀ, unmultiplied.
///
/// Nobody needs W itself: what is made from it is made in passing over the columns of C⁻¹.
/// - Source: Rasmussen, Williams 2006, eq. 5.9.
public struct CovarianceWeights: Sendable {
  /// L, [n, n].
  public var factor: CholeskyFactor
  /// α = C⁻¹(y − m), [n].
  public var solved: [Double]
  /// αᵀ(y − m) = αᵀCα.
  public var quadraticForm: Double
  /// What was added to the diagonal of K, jitter included, [n].
  public var noiseVariances: [Double]

  /// Creates the weights.
  public init(factor: CholeskyFactor, solved: [Double], quadraticForm: Double, noiseVariances: [Double]) {
    self.factor = factor
    self.solved = solved
    self.quadraticForm = quadraticForm
    self.noiseVariances = noiseVariances
  }
}

/// The derivatives of a log likelihood that come from its covariance matrix.
public struct CovarianceDerivatives: Sendable {
  /// ∂/∂θ for the kernel's hyperparameters in log space: d lengthscales, then the signal variance, then the shapes of an
  /// input warping where there is one.
  public var byHyperparameters: [Double]
  /// ∂/∂C_ii, the diagonal of W, [n].
  public var byDiagonal: [Double]
  /// By each feature of each point, [n, p].
  public var byFeatures: Matrix

  /// Creates derivatives.
  public init(byHyperparameters: [Double], byDiagonal: [Double], byFeatures: Matrix) {
    self.byHyperparameters = byHyperparameters
    self.byDiagonal = byDiagonal
    self.byFeatures = byFeatures
  }
}
