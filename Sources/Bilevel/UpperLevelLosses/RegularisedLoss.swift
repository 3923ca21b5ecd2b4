/// A loss plus a term r(θ) of the hyperparameters alone, which enters certificates without error.
public struct RegularisedLoss: UpperLevelLoss {
  private let loss: any UpperLevelLoss
  private let term: @Sendable ([Double]) -> (value: Double, gradient: [Double])

  /// Whether g is convex in x.
  public var isConvex: Bool { loss.isConvex }

  /// Adds a term to a loss.
  ///
  /// - Parameters:
  ///   - loss: g.
  ///   - term: the value of r at θ and its gradient, d numbers.
  public init(
    _ loss: any UpperLevelLoss, plus term: @escaping @Sendable ([Double]) -> (value: Double, gradient: [Double])
  ) {
    self.loss = loss
    self.term = term
  }

  /// The value of g and its gradients.
  public func evaluate(at x: [Double], theta: [Double]) -> UpperLevelEvaluation {
    var evaluation = loss.evaluate(at: x, theta: theta)
    let term = term(theta)
    evaluation.value += term.value
    let own = evaluation.hyperparameterGradient
    evaluation.hyperparameterGradient = term.gradient.indices.map { (own?[$0] ?? 0) + term.gradient[$0] }
    return evaluation
  }

  /// L_g of the loss for all θ.
  public var greatestGradientLipschitz: Double? { loss.greatestGradientLipschitz }

  /// L_g, the Lipschitz constant of ∇ₓg.
  public func gradientLipschitz(at theta: [Double]) -> Double? { loss.gradientLipschitz(at: theta) }

  /// The Lipschitz constant of x ↦ ∇θg.
  public func hyperparameterGradientLipschitz(at theta: [Double]) -> Double? {
    loss.hyperparameterGradientLipschitz(at: theta)
  }
}
