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

  public let hyperparameters: [Hyperparameter]
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

  public func evaluate(at x: [Double], theta: [Double], gradient: inout [Double]) -> Double {
    let n = Double(design.rows)
    var residual = targets
    gemv(design, x, beta: -1, into: &residual)
    gemv(alpha: 1 / n, design, residual, transposing: true, into: &gradient)
    return dot(residual, residual) / (2 * n) + penalty.add(at: x, weights: penalty.weights(theta), to: &gradient)
  }

  public func hyperparameterGradient(at x: [Double], theta: [Double]) -> [Double] {
    penalty.hyperparameterGradient(at: x, theta: theta)
  }

  public func derivatives(at x: [Double], theta: [Double]) -> any SecondDerivatives {
    let weights = penalty.weights(theta)
    return Derivatives(
      gram: gram, weights: weights, slopes: penalty.slopes(at: x, weights: weights), penalty: penalty)
  }

  public func constants(at theta: [Double]) -> SmoothnessConstants {
    let (n, weights) = (Double(design.rows), penalty.weights(theta))
    return SmoothnessConstants(
      strongConvexity: bounds.least / n + (weights.min() ?? 0), smoothness: bounds.greatest / n + (weights.max() ?? 0),
      hessianLipschitz: 0, crossLipschitz: weights.max())
  }

  public func directSolution(at theta: [Double]) throws(BilevelError) -> [Double]? {
    try solve(gram, plus: penalty.weights(theta), moment)
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

    func solveDirectly(_ b: [Double]) throws(BilevelError) -> [Double]? { try solve(gram, plus: weights, b) }
  }
}

/// Solves (G + diag(w))·x = b by Cholesky.
///
/// - Throws: `singular` or `notFinite`.
/// - Complexity: p³/3.
func solve(_ gram: Matrix, plus weights: [Double], _ b: [Double]) throws(BilevelError) -> [Double] {
  var hessian = gram
  for j in weights.indices { hessian[j, j] += weights[j] }
  return try solvePositiveDefinite(hessian, b)
}

/// Solves A·x = b by Cholesky for a symmetric positive definite A, of which the lower triangle is read.
///
/// - Throws: `singular` or `notFinite`.
func solvePositiveDefinite(_ a: Matrix, _ b: [Double]) throws(BilevelError) -> [Double] {
  do {
    return try CholeskyFactor(a).solve(b)
  } catch LinearAlgebraError.notFinite {
    throw .notFinite("the Hessian")
  } catch {
    throw .singular
  }
}
