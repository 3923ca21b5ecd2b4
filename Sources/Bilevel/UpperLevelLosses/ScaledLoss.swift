/// A loss times a positive factor.
///
/// Hypergradients by many θ that share a loss are each small; a factor about as large as their number mends that.
public struct ScaledLoss: UpperLevelLoss {
  private let loss: any UpperLevelLoss
  private let factor: Double

  /// Scales a loss by a positive, finite factor.
  public init(_ loss: any UpperLevelLoss, by factor: Double) {
    precondition(factor > 0 && factor.isFinite, "A factor of a loss is positive")
    self.loss = loss
    self.factor = factor
  }

  /// Whether g is convex in x.
  public var isConvex: Bool { loss.isConvex }

  /// The value of g and its gradients.
  public func evaluate(at x: [Double], theta: [Double]) -> UpperLevelEvaluation {
    var evaluation = loss.evaluate(at: x, theta: theta)
    evaluation.value *= factor
    evaluation.gradient = evaluation.gradient.map { factor * $0 }
    evaluation.hyperparameterGradient = evaluation.hyperparameterGradient?.map { factor * $0 }
    return evaluation
  }

  /// L_g of the loss, scaled, for all θ.
  public var greatestGradientLipschitz: Double? { loss.greatestGradientLipschitz.map { factor * $0 } }

  /// L_g, the Lipschitz constant of ∇ₓg.
  public func gradientLipschitz(at theta: [Double]) -> Double? { loss.gradientLipschitz(at: theta).map { factor * $0 } }

  /// The Lipschitz constant of x ↦ ∇θg.
  public func hyperparameterGradientLipschitz(at theta: [Double]) -> Double? {
    loss.hyperparameterGradientLipschitz(at: theta).map { factor * $0 }
  }
}
