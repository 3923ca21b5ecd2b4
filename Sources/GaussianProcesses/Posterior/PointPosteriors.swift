import CKernels
public import NumericalMethods

/// What a posterior believes at m points, with the derivatives of any functions of it.
///
/// Points are taken side by side, sixteen at a time; what comes out for one does not depend on the others, to the last
/// bit, and means and variances are those of `Posterior.moments`.
public struct PointPosteriors: Sendable {
  /// Means, [m], in units of the targets.
  public let means: [Double]
  /// Variances of the noiseless function, [m], not negative.
  public let variances: [Double]
  /// The vectors w, [q, m]: pending values z move a mean by wᵀz.
  public let innovations: Matrix
  private let posterior: Posterior
  private let points: Inputs
  private let groups: [(lanes: PosteriorLanes, contraction: @Sendable (Matrix) -> Matrix)]
}

extension Posterior {
  /// The beliefs at m points, ready for gradients.
  ///
  /// - Complexity: O(n²m + nmp) flops, and as many for gradients.
  public func evaluate(atAll points: Inputs) -> PointPosteriors { PointPosteriors(self, at: points) }
}

extension PointPosteriors {
  fileprivate init(_ posterior: Posterior, at points: Inputs) {
    self.posterior = posterior
    self.points = points
    let groups = (0..<points.count).lanes.map { range in
      let (covariances, contraction) = posterior.covariance.crossWithGradient(PointLanes(points, range))
      return (
        lanes: PosteriorLanes(posterior, count: range.count, covariances: covariances), contraction: contraction
      )
    }
    self.groups = groups
    means = posterior.process.addingPriorMean(
      to: groups.flatMap { $0.lanes.pulls.prefix($0.lanes.count) }, at: points)
    variances = groups.flatMap { $0.lanes.variances.prefix($0.lanes.count) }
    let q = posterior.pendingCount
    innovations = Matrix(rows: q, columns: points.count) { target in
      for (index, group) in groups.enumerated() {
        group.lanes.copyInnovations(q, to: target, from: index * PointLanes.limit)
      }
    }
  }

  /// The gradients by the points' features of functions with these derivatives by mean, variance and innovations.
  ///
  /// All three are linear in ∂k: mean has weights α, variance −2·C⁻¹k, innovations rows of L⁻¹; so one solve serves all.
  /// - Parameters:
  ///   - byMean: m derivatives.
  ///   - byVariance: m derivatives.
  ///   - byInnovations: [q, m]; `nil` for zeros.
  /// - Returns: [p, m]; `InputLayout.pullback` takes a column on to coordinates.
  /// - Complexity: O(n²m + nmp) flops.
  public func featureGradients(
    byMean: [Double], byVariance: [Double], byInnovations: Matrix? = nil
  ) -> Matrix {
    precondition(byMean.count == means.count && byVariance.count == means.count, "One derivative for each point")
    precondition(
      byInnovations.map { $0.rows == innovations.rows && $0.columns == innovations.columns } ?? true,
      "One derivative for each innovation")
    let featureCount = points.layout.featureCount
    var result = Matrix(rows: featureCount, columns: means.count) { target in
      for (index, group) in groups.enumerated() {
        let first = index * PointLanes.limit
        let gradients = group.contraction(
          weights(group.lanes, first, byMean: byMean, byVariance: byVariance, byInnovations: byInnovations))
        for lane in 0..<group.lanes.count {
          for p in 0..<featureCount { target[(first + lane) * featureCount + p] = gradients[lane, p] }
        }
      }
    }
    if case .function(let function) = posterior.process.meanFunction {
      for (index, factor) in byMean.enumerated() {
        var gradient = result.column(index)
        axpy(factor, function.featureGradient(at: points.points(at: [index])), into: &gradient)
        result.setColumn(index, to: gradient)
      }
    }
    return result
  }

  /// The weights of ∂k, [w, n + q].
  private func weights(
    _ lanes: PosteriorLanes, _ first: Int, byMean: [Double], byVariance: [Double], byInnovations: Matrix?
  ) -> Matrix {
    var target = lanes.whitened
    let (width, order, q) = (target.rows, target.columns, innovations.rows)
    let indices = (0..<width).map { first + min($0, lanes.count - 1) }
    let factors = indices.map { -2 * byVariance[$0] }
    let pulls = indices.map { byMean[$0] }
    target.withUnsafeMutableElements { target in
      factors.withUnsafeBufferPointer { factors in
        for i in 0..<order {
          for lane in 0..<width { target[i * width + lane] *= factors[lane] }
        }
      }
      if let byInnovations {
        for i in 0..<q {
          for lane in 0..<width { target[(order - q + i) * width + lane] += byInnovations[i, indices[lane]] }
        }
      }
      posterior.factor.lower.withUnsafeElements { l in
        ckernels_lanes_solve_transposed(width, order, l.baseAddress, target.baseAddress)
      }
      posterior.weights.withUnsafeBufferPointer { weights in
        pulls.withUnsafeBufferPointer { pulls in
          for i in 0..<order {
            for lane in 0..<width { target[i * width + lane] += pulls[lane] * weights[i] }
          }
        }
      }
    }
    return target
  }
}
