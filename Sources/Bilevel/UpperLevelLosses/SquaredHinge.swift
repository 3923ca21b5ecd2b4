public import NumericalMethods

/// The squared hinge loss of two classes, the mean of max(0, 1 − vᵢ·aᵢᵀx)² over m rows aᵢ with labels vᵢ = ±1.
public struct SquaredHinge: UpperLevelLoss {
  private let design: Matrix
  private let labels: [Double]
  private let lipschitz: Double

  /// Whether g is convex in x.
  public var isConvex: Bool { true }

  /// Creates a loss from V, m × p, and m labels of −1 or 1.
  ///
  /// - Throws: `invalidData` or `notFinite`.
  public init(design: Matrix, labels: [Double]) throws(BilevelError) {
    try DataChecks.design(design, targets: labels.count, of: "validation")
    try DataChecks.signs(labels)
    self.design = design
    self.labels = labels
    lipschitz = 2 * SpectralBounds(ofGramOf: design).greatest / Double(design.rows)
  }

  /// The value of g and its gradients.
  public func evaluate(at x: [Double], theta: [Double]) -> UpperLevelEvaluation {
    let m = Double(design.rows)
    var slopes = design.multiplying(x)
    var sum = 0.0
    for i in slopes.indices {
      // A NaN has to stay one.
      let gap = 1 - labels[i] * slopes[i]
      let shortfall = gap <= 0 ? 0 : gap
      sum += shortfall * shortfall
      slopes[i] = -2 * labels[i] * shortfall
    }
    var gradient = [Double](repeating: 0, count: design.columns)
    gemv(alpha: 1 / m, design, slopes, transposing: true, into: &gradient)
    return UpperLevelEvaluation(value: sum / m, gradient: gradient)
  }

  /// L_g, which θ does not change.
  public var greatestGradientLipschitz: Double? { lipschitz }

  /// L_g, the Lipschitz constant of ∇ₓg.
  public func gradientLipschitz(at theta: [Double]) -> Double? { lipschitz }
}
