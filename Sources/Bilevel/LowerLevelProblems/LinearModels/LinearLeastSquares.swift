public import NumericalMethods

/// Least squares whose targets move with θ: h = ½·‖Ax + Bθ − b‖².
///
/// A is n × p of full column rank, B is n × d. Quadratic in x with constant derivatives, so that everything about it is known.
/// - Source: the quadratic problem of Salehi, Mukherjee, Roberts and Ehrhardt, "An adaptively inexact first-order method for
///   bilevel optimization", section 4.1.
public struct LinearLeastSquares: LowerLevelProblem {
  private let design: Matrix
  private let influence: Matrix
  private let targets: [Double]
  private let gram: Matrix
  private let cross: Matrix
  private let known: SmoothnessConstants
  private let crossNorm: Double

  /// The coordinates of θ.
  public let hyperparameters: [Hyperparameter]
  /// The number p of variables x.
  public var variableCount: Int { design.columns }

  /// Creates a problem.
  ///
  /// - Parameters:
  ///   - design: A, n × p.
  ///   - influence: B, n × d.
  ///   - targets: b, n numbers.
  ///   - range: the box of each θ.
  ///   - start: where each θ starts.
  /// - Throws: `invalidData` or `notFinite`.
  public init(
    design: Matrix, influence: Matrix, targets: [Double], range: ClosedRange<Double> = -1e6...1e6, start: Double = 1
  ) throws(BilevelError) {
    try DataChecks.design(design, targets: targets.count, of: "training")
    try DataChecks.design(influence, targets: targets.count, of: "influence")
    try DataChecks.finite(targets, "the training targets")
    guard range.contains(start) else { throw .invalidData("The start lies outside its range.") }
    self.design = design
    self.influence = influence
    self.targets = targets
    gram = design.gram(of: .columns)
    cross = design.multiplying(influence, transposing: .left)
    let bounds = SpectralBounds(ofGramOf: design)
    known = SmoothnessConstants(
      strongConvexity: bounds.least > 0 ? bounds.least : nil, smoothness: bounds.greatest, hessianLipschitz: 0,
      crossLipschitz: 0)
    crossNorm = SpectralBounds(ofGramOf: cross).greatest.squareRoot()
    hyperparameters = (0..<influence.columns).map {
      Hyperparameter("theta_\($0)", .identity, range: range, start: start)
    }
  }

  private func residual(at x: [Double], theta: [Double]) -> [Double] {
    var residual = targets
    gemv(influence, theta, beta: -1, into: &residual)
    gemv(design, x, beta: 1, into: &residual)
    return residual
  }

  /// The value of h; writes its gradient by x.
  public func evaluate(at x: [Double], theta: [Double], gradient: inout [Double]) -> Double {
    let residual = residual(at: x, theta: theta)
    gemv(design, residual, transposing: true, into: &gradient)
    return dot(residual, residual) / 2
  }

  /// The gradient of h by θ at fixed x.
  public func hyperparameterGradient(at x: [Double], theta: [Double]) -> [Double] {
    influence.multiplying(residual(at: x, theta: theta), transposing: true)
  }

  /// The second derivatives at a point, for any number of products.
  public func derivatives(at x: [Double], theta: [Double]) -> any SecondDerivatives {
    Derivatives(gram: gram, cross: cross, crossNorm: crossNorm)
  }

  /// What is known of h at θ, for all x.
  public func constants(at theta: [Double]) -> SmoothnessConstants { known }

  /// The exact solution by a direct method.
  public func directSolution(at theta: [Double]) throws(BilevelError) -> [Double]? {
    var gap = targets
    gemv(alpha: -1, influence, theta, beta: 1, into: &gap)
    return try solvePositiveDefinite(gram, design.multiplying(gap, transposing: true))
  }

  private struct Derivatives: SecondDerivatives {
    let gram: Matrix
    let cross: Matrix
    let crossNorm: Double?

    func hessianProduct(_ v: [Double]) -> [Double] { gram.symmetricMultiplying(v) }

    func crossTransposeProduct(_ q: [Double]) -> [Double] { cross.multiplying(q, transposing: true) }

    func denseHessian() -> Matrix? { gram }
  }
}
