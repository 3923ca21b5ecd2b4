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

  func matrixWithGradient() -> (matrix: Matrix, contraction: @Sendable (Matrix) -> [Double]) {
    let (matrix, contraction) = base.matrixWithInputGradient()
    return (
      matrix,
      { [warping, inputs] weights in
        let gradient = contraction(weights)
        return gradient.parameters + warping.shapeGradient(gradient.features, at: inputs)
      }
    )
  }

  func matrixWithInputGradient() -> (
    matrix: Matrix, contraction: @Sendable (Matrix) -> (parameters: [Double], features: Matrix)
  ) {
    let (matrix, contraction) = base.matrixWithInputGradient()
    return (
      matrix,
      { [warping, inputs] weights in
        let gradient = contraction(weights)
        return (
          gradient.parameters + warping.shapeGradient(gradient.features, at: inputs),
          warping.pullback(gradient.features, at: inputs)
        )
      }
    )
  }

  func cross(_ others: Inputs) -> Matrix { base.cross(warping.apply(others)) }

  func crossWithGradient(_ point: Inputs) -> (covariances: [Double], contraction: @Sendable ([Double]) -> [Double]) {
    let (covariances, contraction) = base.crossWithGradient(warping.apply(point))
    return (
      covariances,
      { [warping] weights in
        let gradient = contraction(weights)
        return warping.pullback(Matrix(rows: 1, columns: gradient.count, elements: gradient), at: point).elements
      }
    )
  }

  func appending(_ others: Inputs) -> any InputCovariance {
    InputWarpedCovariance(
      base: base.appending(warping.apply(others)), warping: warping, inputs: inputs.appending(others))
  }
}
