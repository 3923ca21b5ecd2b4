import NumericalMethods

/// What a posterior believes at one point, with the derivatives of any function of it.
public struct PointPosterior: Sendable {
  /// The mean, in units of the targets.
  public var mean: Double { all.means[0] }
  /// The variance of the noiseless function, not negative.
  public var variance: Double { all.variances[0] }
  /// The vector w, [q]: pending values z move the mean by wᵀz.
  public var innovations: [Double] { all.innovations.elements }
  private let all: PointPosteriors
}

extension Posterior {
  /// The belief at one point.
  ///
  /// - Complexity: O(n² + np).
  public func evaluate(at point: Inputs) -> PointPosterior { PointPosterior(self, at: point) }
}

extension PointPosterior {
  fileprivate init(_ posterior: Posterior, at point: Inputs) {
    precondition(point.count == 1, "One point is needed")
    all = posterior.evaluate(atAll: point)
  }

  /// The gradient by the point's features of a function with these derivatives by mean, variance and innovations.
  ///
  /// - Parameter innovations: q derivatives; `nil` for zeros.
  /// - Returns: p derivatives; `InputLayout.pullback` takes them on to coordinates.
  /// - Complexity: O(n² + np).
  public func featureGradient(
    byMean: Double, byVariance: Double, byInnovations innovations: [Double]? = nil
  ) -> [Double] {
    all.featureGradients(
      byMean: [byMean], byVariance: [byVariance],
      byInnovations: innovations.map { Matrix(rows: $0.count, columns: 1, elements: $0) }
    ).elements
  }
}
