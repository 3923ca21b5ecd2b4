public import NumericalMethods

/// The logistic loss of two classes, the mean or the sum of log(1 + exp(−vᵢ·aᵢᵀx)) over m rows aᵢ with labels vᵢ = ±1.
public struct LogisticLoss: UpperLevelLoss {
  private let design: Matrix
  private let labels: [Double]
  private let factor: Double
  private let lipschitz: Double

  /// Whether g is convex in x.
  public var isConvex: Bool { true }

  /// Creates a loss from V, m × p, and m labels of −1 or 1.
  ///
  /// - Throws: `invalidData` or `notFinite`.
  public init(design: Matrix, labels: [Double], scale: LossScale = .mean) throws(BilevelError) {
    try DataChecks.design(design, targets: labels.count, of: "validation")
    try DataChecks.signs(labels)
    self.design = design
    self.labels = labels
    factor = scale.lossFactor(rows: design.rows)
    lipschitz = factor * SpectralBounds(ofGramOf: design).greatest / 4
  }

  /// The value of g and its gradients.
  public func evaluate(at x: [Double], theta: [Double]) -> UpperLevelEvaluation {
    var gradient = [Double](repeating: 0, count: design.columns)
    let value = evaluateLogisticLoss(design, labels, factor: factor, at: x, gradient: &gradient)
    return UpperLevelEvaluation(value: value, gradient: gradient)
  }

  /// L_g, which θ does not change.
  public var greatestGradientLipschitz: Double? { lipschitz }

  /// L_g, the Lipschitz constant of ∇ₓg.
  public func gradientLipschitz(at theta: [Double]) -> Double? { lipschitz }
}
