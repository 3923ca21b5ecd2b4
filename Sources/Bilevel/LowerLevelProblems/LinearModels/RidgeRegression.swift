public import NumericalMethods

/// Ridge regression, h = ‖Ax − b‖²/2n + ½·Σⱼ e^{θ_{g(j)}}·xⱼ², with one penalty, one for each group or one for each weight.
///
/// A is n × p. The quadratic is solved directly. The Gram matrix, p × p, is kept.
public struct RidgeRegression: LowerLevelProblem {
  let design: Matrix
  let targets: [Double]
  let penalty: QuadraticPenalty
  /// AᵀA/n.
  let gram: Matrix
  /// Aᵀb/n.
  let moment: [Double]
  private let bounds: SpectralBounds

  /// The coordinates of θ.
  public let hyperparameters: [Hyperparameter]
  /// The number p of variables x.
  public var variableCount: Int { design.columns }

  /// Creates a problem.
  ///
  /// - Parameters:
  ///   - design: A, n × p.
  ///   - targets: b, n numbers.
  ///   - penalty: which weights share a penalty.
  /// - Throws: `invalidData` or `notFinite`.
  public init(design: Matrix, targets: [Double], penalty: PenaltyStructure = .shared) throws(BilevelError) {
    try DataChecks.design(design, targets: targets.count, of: "training")
    try DataChecks.finite(targets, "the training targets")
    self.design = design
    self.targets = targets
    self.penalty = try QuadraticPenalty(penalty, weights: design.columns)
    let n = Double(design.rows)
    gram = (1 / n) * design.gram(of: .columns)
    moment = design.multiplying(targets, transposing: true).map { $0 / n }
    bounds = SpectralBounds(ofGramOf: design)
    hyperparameters = self.penalty.hyperparameters()
  }

  /// The value of h; writes its gradient by x.
  public func evaluate(at x: [Double], theta: [Double], gradient: inout [Double]) -> Double {
    let n = Double(design.rows)
    var residual = targets
    gemv(design, x, beta: -1, into: &residual)
    gemv(alpha: 1 / n, design, residual, transposing: true, into: &gradient)
    return dot(residual, residual) / (2 * n) + penalty.add(at: x, weights: penalty.weights(theta), to: &gradient)
  }

  /// The gradient of h by θ at fixed x.
  public func hyperparameterGradient(at x: [Double], theta: [Double]) -> [Double] {
    penalty.hyperparameterGradient(at: x, theta: theta)
  }

  /// The second derivatives at a point, for any number of products.
  public func derivatives(at x: [Double], theta: [Double]) -> any SecondDerivatives {
    let weights = penalty.weights(theta)
    return Derivatives(
      gram: gram, weights: weights, slopes: penalty.slopes(at: x, weights: weights), penalty: penalty)
  }

  /// What is known of h at θ, for all x.
  public func constants(at theta: [Double]) -> SmoothnessConstants {
    let (n, weights) = (Double(design.rows), penalty.weights(theta))
    return SmoothnessConstants(
      strongConvexity: bounds.least / n + (weights.min() ?? 0), smoothness: bounds.greatest / n + (weights.max() ?? 0),
      hessianLipschitz: 0, crossLipschitz: weights.max())
  }

  /// The exact solution by a direct method.
  public func directSolution(at theta: [Double]) throws(BilevelError) -> [Double]? {
    try solvePositiveDefinite(gram.addingToDiagonal(penalty.weights(theta)), moment)
  }
}

extension RidgeRegression {
  /// H = AᵀA/n + diag(e^θ), and J with one element in each row.
  private struct Derivatives: SecondDerivatives {
    let gram: Matrix
    let weights: [Double]
    let slopes: [Double]
    let penalty: QuadraticPenalty

    func hessianProduct(_ v: [Double]) -> [Double] {
      var product = gram.symmetricMultiplying(v)
      for j in v.indices { product[j] += weights[j] * v[j] }
      return product
    }

    func crossTransposeProduct(_ q: [Double]) -> [Double] { penalty.crossTransposeProduct(slopes: slopes, q) }

    var crossNorm: Double? { penalty.crossNorm(slopes: slopes) }

    func denseHessian() -> Matrix? { gram.addingToDiagonal(weights) }
  }
}
