import NumericalMethods

/// A kernel of warped points: k(w(x), w(x′)), with one Kumaraswamy warping w_j for each numeric dimension.
///
/// So a function may change faster at one end of a dimension than at the other. The shapes are hyperparameters
/// (`Hyperparameters.logWarpingShapes`), two for each numeric dimension; everything else is the base kernel's. It is
/// positive semidefinite as the base kernel is, of which it only renames the points.
/// - Source: Snoek, Swersky, Zemel, Adams 2014, "Input warping for Bayesian optimization of non-stationary functions".
public struct InputWarpedKernel: CovarianceKernel {
  /// The kernel of the warped points.
  public let base: any CovarianceKernel

  /// Creates a kernel.
  public init(_ base: any CovarianceKernel) { self.base = base }

  /// What the points' coordinates mean.
  public var layout: InputLayout { base.layout }

  /// The covariance at n points with hyperparameters fixed.
  public func covariance(at inputs: Inputs, _ hyperparameters: Hyperparameters) -> any InputCovariance {
    let warping = InputWarping(layout: layout, logShapes: hyperparameters.logWarpingShapes)
    return InputWarpedCovariance(
      base: base.covariance(at: warping.apply(inputs), hyperparameters), warping: warping, inputs: inputs)
  }

  /// Draws random cosines whose products average to the covariance.
  public func randomFeatures(
    _ hyperparameters: Hyperparameters, levelCounts: [Int], count: Int, using random: inout some RandomNumberGenerator
  ) -> RandomFourierFeatures {
    base.randomFeatures(hyperparameters, levelCounts: levelCounts, count: count, using: &random)
      .warping(by: InputWarping(layout: layout, logShapes: hyperparameters.logWarpingShapes))
  }
}

/// The covariance of warped points with hyperparameters fixed.
struct InputWarpedCovariance: InputCovariance {
  let base: any InputCovariance
  let warping: InputWarping
  /// The points as they are.
  let inputs: Inputs

  var variance: Double { base.variance }

  func matrix() -> Matrix { base.matrix() }

  func matrixWithGradient() -> (matrix: Matrix, contraction: (CovarianceWeights) -> CovarianceDerivatives) {
    let (matrix, contraction) = base.matrixWithGradient()
    return (
      matrix,
      { weights in
        var derivatives = contraction(weights)
        derivatives.byHyperparameters += warping.shapeGradient(derivatives.byFeatures, at: inputs)
        derivatives.byFeatures = warping.pullback(derivatives.byFeatures, at: inputs)
        return derivatives
      }
    )
  }

  func cross(_ others: Inputs) -> Matrix { base.cross(warping.apply(others)) }

  func cross(_ points: PointLanes) -> Matrix { base.cross(points.mapped(warping.apply)) }

  func crossWithGradient(_ points: PointLanes) -> (covariances: Matrix, contraction: @Sendable (Matrix) -> Matrix) {
    let (covariances, contraction) = base.crossWithGradient(points.mapped(warping.apply))
    return (covariances, { [warping] weights in warping.pullback(contraction(weights), at: points.inputs) })
  }

  func appending(_ others: Inputs) -> any InputCovariance {
    InputWarpedCovariance(
      base: base.appending(warping.apply(others)), warping: warping, inputs: inputs.appending(others))
  }
}
