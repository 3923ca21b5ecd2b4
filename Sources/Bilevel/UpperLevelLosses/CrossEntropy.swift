public import NumericalMethods

/// The cross-entropy of a linear model of k classes, scale·(1/m)·Σℓᵢ(W), over m rows.
///
/// The variables are W, f × k, column by column.
public struct CrossEntropy: UpperLevelLoss {
  private let model: SoftmaxModel
  private let factor: Double

  /// Whether g is convex in x.
  public var isConvex: Bool { true }

  /// Creates a loss.
  ///
  /// - Parameters:
  ///   - design: V, m × f.
  ///   - labels: m of 0 to k − 1.
  ///   - classes: k ≥ 2.
  ///   - scale: a factor of the mean; hypergradients by many θ that share the loss need one about as large as their number.
  /// - Throws: `invalidData` or `notFinite`.
  public init(design: Matrix, labels: [Int], classes: Int, scale: Double = 1) throws(BilevelError) {
    guard scale > 0, scale.isFinite else { throw .invalidData("The scale of a loss is positive.") }
    model = try SoftmaxModel(design: design, labels: labels, classes: classes, of: "validation")
    factor = scale / Double(design.rows)
  }

  /// The value of g and its gradients.
  public func evaluate(at x: [Double], theta: [Double]) -> UpperLevelEvaluation {
    var gradient: [Double] = []
    let value = model.evaluate(at: x, factor: factor, gradient: &gradient)
    return UpperLevelEvaluation(value: value, gradient: gradient)
  }

  /// L_g, which θ does not change.
  public var greatestGradientLipschitz: Double? { factor * model.bounds.greatest / 2 }

  /// L_g, the Lipschitz constant of ∇ₓg.
  public func gradientLipschitz(at theta: [Double]) -> Double? { factor * model.bounds.greatest / 2 }
}
