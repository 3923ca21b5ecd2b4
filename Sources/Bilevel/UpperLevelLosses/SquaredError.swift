public import NumericalMethods

/// The squared error of linear predictions, g = ‖Vx − v‖²/2m.
///
/// V is m × p: validation data, or any other linear map.
public struct SquaredError: UpperLevelLoss {
  private let design: Matrix
  private let targets: [Double]
  private let lipschitz: Double

  /// Whether g is convex in x.
  public var isConvex: Bool { true }

  /// Creates a loss from V, m × p, and v, m numbers.
  ///
  /// - Throws: `invalidData` or `notFinite`.
  public init(design: Matrix, targets: [Double]) throws(BilevelError) {
    try DataChecks.design(design, targets: targets.count, of: "validation")
    try DataChecks.finite(targets, "the validation targets")
    self.design = design
    self.targets = targets
    lipschitz = SpectralBounds(ofGramOf: design).greatest / Double(design.rows)
  }

  /// The value of g and its gradients.
  public func evaluate(at x: [Double], theta: [Double]) -> UpperLevelEvaluation {
    let m = Double(design.rows)
    var residual = targets
    gemv(design, x, beta: -1, into: &residual)
    var gradient = [Double](repeating: 0, count: design.columns)
    gemv(alpha: 1 / m, design, residual, transposing: true, into: &gradient)
    return UpperLevelEvaluation(value: dot(residual, residual) / (2 * m), gradient: gradient)
  }

  /// L_g, which θ does not change.
  public var greatestGradientLipschitz: Double? { lipschitz }

  /// L_g, the Lipschitz constant of ∇ₓg.
  public func gradientLipschitz(at theta: [Double]) -> Double? { lipschitz }
}
