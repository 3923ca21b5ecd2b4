import Foundation
public import NumericalMethods

/// The lasso and its relatives: h = ‖Ax − b‖²/2n + Σⱼ e^{θ_{g(j)}}·|xⱼ| + ½e^{θ_d}·‖x‖².
///
/// One penalty makes the lasso, one for each weight the weighted lasso; the last term, with the last θ, is there for the
/// elastic net only. A is n × p, and its Gram matrix, p × p, is kept. Solved by coordinate descent. Derivatives hold while
/// the support of x stays the same, so that hypergradients are never certified.
/// - Source: Bertrand et al., "Implicit differentiation for fast hyperparameter selection in non-smooth convex learning" (2022).
public struct ElasticNet: CoordinatewiseProblem {
  private let design: Matrix
  private let targets: [Double]
  private let penalty: QuadraticPenalty
  private let hasRidge: Bool
  private let gram: Matrix
  private let moment: [Double]
  private let bounds: SpectralBounds

  /// The coordinates of θ: the penalties of |x|, then that of x²; they start at a tenth of what makes x = 0.
  public let hyperparameters: [Hyperparameter]
  /// The number p of variables x.
  public var variableCount: Int { design.columns }

  /// Creates a problem.
  ///
  /// - Parameters:
  ///   - design: A, n × p.
  ///   - targets: b, n numbers.
  ///   - penalty: which weights share a penalty of |x|.
  ///   - hasRidge: whether the quadratic term is there.
  /// - Throws: `invalidData` or `notFinite`.
  public init(
    design: Matrix, targets: [Double], penalty: PenaltyStructure = .shared, hasRidge: Bool = true
  ) throws(BilevelError) {
    try DataChecks.design(design, targets: targets.count, of: "training")
    try DataChecks.finite(targets, "the training targets")
    self.design = design
    self.targets = targets
    self.penalty = try QuadraticPenalty(penalty, weights: design.columns)
    self.hasRidge = hasRidge
    let n = Double(design.rows)
    gram = (1 / n) * design.gram(of: .columns)
    moment = design.multiplying(targets, transposing: true).map { $0 / n }
    guard gram.isFinite, moment.allSatisfy(\.isFinite) else { throw .notFinite("the products of the training data") }
    bounds = SpectralBounds(ofGramOf: design)
    // Above max|Aᵀb|/n all weights are zero.
    let greatest = log(max(moment.map(\.magnitude).max() ?? 0, 1e-300))
    var coordinates = self.penalty.hyperparameters(range: greatest - 12...greatest).map { coordinate in
      Hyperparameter(coordinate.name, .log, range: coordinate.range, start: max(greatest - 12, greatest - log(10)))
    }
    if hasRidge { coordinates.append(Hyperparameter("ridge", .log, range: -12...6, start: -log(10))) }
    hyperparameters = coordinates
  }

  /// The penalties of |x|, p numbers, and the curvature of the ridge.
  private func penalties(_ theta: [Double]) -> (weights: [Double], ridge: Double) {
    precondition(theta.count == hyperparameters.count, "There is one value for each hyperparameter")
    guard hasRidge else { return (penalty.weights(theta), 0) }
    return (penalty.weights(Array(theta.dropLast())), exp(theta[theta.count - 1]))
  }

  /// The value of h; writes its gradient by x.
  public func evaluate(at x: [Double], theta: [Double], gradient: inout [Double]) -> Double {
    let (n, (weights, ridge)) = (Double(design.rows), penalties(theta))
    var residual = targets
    gemv(design, x, beta: -1, into: &residual)
    gemv(alpha: 1 / n, design, residual, transposing: true, into: &gradient)
    axpy(ridge, x, into: &gradient)
    var lengths = 0.0
    for j in x.indices {
      lengths += weights[j] * x[j].magnitude
      if x[j] != 0 {
        gradient[j] += x[j] > 0 ? weights[j] : -weights[j]
      } else {
        gradient[j] = shrunk(gradient[j], weights[j])
      }
    }
    return dot(residual, residual) / (2 * n) + lengths + ridge / 2 * dot(x, x)
  }

  /// The gradient of h by θ at fixed x.
  public func hyperparameterGradient(at x: [Double], theta: [Double]) -> [Double] {
    let (weights, ridge) = penalties(theta)
    let lengths = penalty.crossTransposeProduct(slopes: weights, x.map(\.magnitude))
    return hasRidge ? lengths + [ridge / 2 * dot(x, x)] : lengths
  }

  /// The second derivatives at a point, for any number of products.
  public func derivatives(at x: [Double], theta: [Double]) -> any SecondDerivatives {
    let (weights, ridge) = penalties(theta)
    let support = x.indices.filter { x[$0] != 0 }
    return Derivatives(
      hessian: SupportHessian(gram.principalSubmatrix(support), support: support, ridge: ridge),
      slopes: x.indices.map { x[$0] == 0 ? 0 : (x[$0] > 0 ? weights[$0] : -weights[$0]) }, penalty: penalty,
      shrinkage: hasRidge ? x.map { ridge * $0 } : nil)
  }

  /// What is known: μ, by which the shortest subgradient bounds the distance to the solution; nothing across kinks.
  public func constants(at theta: [Double]) -> SmoothnessConstants {
    let convexity = bounds.least / Double(design.rows) + penalties(theta).ridge
    return SmoothnessConstants(strongConvexity: convexity > 0 ? convexity : nil)
  }

  /// The gradient of the quadratic part without the ridge.
  public func carriedProducts(at x: [Double]) -> [Double] {
    var products = gram.symmetricMultiplying(x)
    axpy(-1, moment, into: &products)
    return products
  }

  /// Soft-thresholds each coordinate in turn.
  public func sweep(_ x: inout [Double], carried: inout [Double], theta: [Double]) {
    let ((weights, ridge), p) = (penalties(theta), x.count)
    gram.withUnsafeElements { gram in
      for j in 0..<p {
        let curvature = gram[j * (p + 1)]
        guard curvature + ridge > 0 else { continue }
        let new = shrunk(curvature * x[j] - carried[j], weights[j]) / (curvature + ridge)
        let change = new - x[j]
        guard change != 0 else { continue }
        x[j] = new
        for i in 0..<p { carried[i] += change * gram[i + j * p] }
      }
    }
  }

  private struct Derivatives: SecondDerivatives {
    let hessian: SupportHessian
    let slopes: [Double]
    let penalty: QuadraticPenalty
    let shrinkage: [Double]?

    func hessianProduct(_ v: [Double]) -> [Double] { hessian.product(v) }

    func crossTransposeProduct(_ q: [Double]) -> [Double] {
      penalty.crossTransposeProduct(slopes: slopes, q) + (shrinkage.map { [dot($0, q)] } ?? [])
    }

    var crossNorm: Double? {
      euclideanNorm([penalty.crossNorm(slopes: slopes), shrinkage.map(euclideanNorm) ?? 0])
    }

    func solveDirectly(_ b: [Double]) throws(BilevelError) -> [Double]? { try hessian.solve(b) }
  }
}

/// A number moved towards zero by a threshold, and no further.
private func shrunk(_ value: Double, _ threshold: Double) -> Double {
  if value > threshold { return value - threshold }
  return value < -threshold ? value + threshold : 0
}
