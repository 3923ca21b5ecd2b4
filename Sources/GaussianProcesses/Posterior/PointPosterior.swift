import NumericalMethods

/// What a posterior believes at one point, with the derivatives of any function of it.
public struct PointPosterior: Sendable {
  /// The mean, in units of the targets.
  public let mean: Double
  /// The variance of the noiseless function, not negative.
  public let variance: Double
  /// The vector w, [q]: pending values z move the mean by wᵀz.
  public let innovations: [Double]
  private let posterior: Posterior
  private let point: Inputs
  private let whitened: [Double]
  private let contraction: @Sendable ([Double]) -> [Double]
}

extension Posterior {
  /// The belief at one point.
  ///
  /// - Complexity: O(n² + np).
  public func evaluate(at point: Inputs) -> PointPosterior { PointPosterior(self, at: point) }
}

extension PointPosterior {
  fileprivate init(_ posterior: Posterior, at point: Inputs) {
    let (covariances, contraction) = posterior.covariance.crossWithGradient(point)
    self.posterior = posterior
    self.point = point
    self.contraction = contraction
    whitened = posterior.factor.solveLower(covariances)
    mean = posterior.process.addingPriorMean(to: [dot(posterior.weights, covariances)], at: point)[0]
    variance = max(0, posterior.covariance.variance - dot(whitened, whitened))
    innovations = Array(whitened.suffix(posterior.pendingCount))
  }

  /// The gradient by the point's features of a function with these derivatives by mean, variance and innovations.
  ///
  /// All three are linear in ∂k: mean has weights α, variance −2·C⁻¹k, innovations rows of L⁻¹; so one solve serves all.
  /// - Parameter innovations: q derivatives; `nil` for zeros.
  /// - Returns: p derivatives; `InputLayout.pullback` takes them on to coordinates.
  /// - Complexity: O(n² + np).
  public func featureGradient(
    byMean: Double, byVariance: Double, byInnovations innovations: [Double]? = nil
  ) -> [Double] {
    var target = whitened.map { -2 * byVariance * $0 }
    if let innovations {
      let start = target.count - innovations.count
      for (index, value) in innovations.enumerated() { target[start + index] += value }
    }
    var weights = posterior.factor.solveLowerTransposed(target)
    axpy(byMean, posterior.weights, into: &weights)
    var gradient = contraction(weights)
    if case .function(let function) = posterior.process.meanFunction {
      axpy(byMean, function.featureGradient(at: point), into: &gradient)
    }
    return gradient
  }
}
