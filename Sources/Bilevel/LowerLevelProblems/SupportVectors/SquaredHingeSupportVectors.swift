import Foundation
public import NumericalMethods

/// Support vector classification with squared hinge losses: h = ½‖x‖² + C·Σ max(0, 1 − bᵢaᵢᵀx)², C = e^θ.
///
/// The gradient has kinks where a row becomes active, so that Hessians are generalised ones and hypergradients never certified.
public struct SquaredHingeSupportVectors: LowerLevelProblem {
  private let design: Matrix
  private let labels: [Double]
  private let bounds: SpectralBounds

  /// The coordinates of θ.
  public let hyperparameters = [Hyperparameter("cost", .log, range: -12...6, start: 0)]
  /// The number p of variables x.
  public var variableCount: Int { design.columns }

  /// Creates a problem from A, n × p, and n labels of −1 or 1.
  ///
  /// - Throws: `invalidData` or `notFinite`.
  public init(design: Matrix, labels: [Double]) throws(BilevelError) {
    try DataChecks.design(design, targets: labels.count, of: "training")
    try DataChecks.signs(labels)
    self.design = design
    self.labels = labels
    bounds = SpectralBounds(ofGramOf: design)
  }

  /// The shortfalls max(0, 1 − bᵢaᵢᵀx), n numbers; a NaN stays one.
  private func shortfalls(at x: [Double]) -> [Double] {
    var gaps = design.multiplying(x)
    for i in gaps.indices {
      let gap = 1 - labels[i] * gaps[i]
      gaps[i] = gap <= 0 ? 0 : gap
    }
    return gaps
  }

  /// The value of h; writes its gradient by x.
  public func evaluate(at x: [Double], theta: [Double], gradient: inout [Double]) -> Double {
    let (cost, gaps) = (exp(theta[0]), shortfalls(at: x))
    gradient = x
    gemv(
      alpha: -2 * cost, design, gaps.indices.map { labels[$0] * gaps[$0] }, transposing: true, beta: 1, into: &gradient)
    return dot(x, x) / 2 + cost * dot(gaps, gaps)
  }

  /// The gradient of h by θ at fixed x.
  public func hyperparameterGradient(at x: [Double], theta: [Double]) -> [Double] {
    let gaps = shortfalls(at: x)
    return [exp(theta[0]) * dot(gaps, gaps)]
  }

  /// The second derivatives at a point, for any number of products.
  public func derivatives(at x: [Double], theta: [Double]) -> any SecondDerivatives {
    let (cost, gaps) = (exp(theta[0]), shortfalls(at: x))
    var cross = [Double](repeating: 0, count: x.count)
    gemv(alpha: -2 * cost, design, gaps.indices.map { labels[$0] * gaps[$0] }, transposing: true, into: &cross)
    return Derivatives(active: design.rows(at: gaps.indices.filter { gaps[$0] > 0 }), cost: cost, cross: cross)
  }

  /// What is known: μ = 1; the Hessian jumps, so that its Lipschitz constant is not.
  public func constants(at theta: [Double]) -> SmoothnessConstants {
    let curvature = 2 * exp(theta[0]) * bounds.greatest
    return SmoothnessConstants(strongConvexity: 1, smoothness: 1 + curvature, crossLipschitz: curvature)
  }

  private struct Derivatives: SecondDerivatives {
    /// The active rows.
    let active: Matrix
    let cost: Double
    let cross: [Double]

    func hessianProduct(_ v: [Double]) -> [Double] {
      var product = v
      gemv(alpha: 2 * cost, active, active.multiplying(v), transposing: true, beta: 1, into: &product)
      return product
    }

    func crossTransposeProduct(_ q: [Double]) -> [Double] { [dot(cross, q)] }

    var crossNorm: Double? { euclideanNorm(cross) }

    func denseHessian() -> Matrix? {
      guard cross.count <= Matrix.largestDenseOrder else { return nil }
      var hessian = (2 * cost) * active.gram(of: .columns)
      hessian.addToDiagonal(1)
      return hessian
    }
  }
}
