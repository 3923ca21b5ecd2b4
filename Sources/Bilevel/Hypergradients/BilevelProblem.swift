/// A bilevel problem min_θ f(θ) = g(x*(θ), θ) with x*(θ) = argmin_x h(x, θ).
public struct BilevelProblem: Sendable {
  /// The lower level h, with p variables and d hyperparameters.
  public var lower: any LowerLevelProblem

  /// The upper level g.
  public var upper: any UpperLevelLoss

  /// Creates a problem; the loss judges as many variables as the lower level has.
  public init(_ lower: any LowerLevelProblem, judgedBy upper: any UpperLevelLoss) {
    self.lower = lower
    self.upper = upper
  }

  /// The upper level at a point, checked.
  func evaluateUpper(at x: [Double], theta: [Double]) throws(BilevelError) -> UpperLevelEvaluation {
    precondition(x.count == lower.variableCount, "There is one number for each variable")
    precondition(theta.count == lower.hyperparameterCount, "There is one value for each hyperparameter")
    try DataChecks.finite(theta, "the hyperparameters")
    try DataChecks.finite(x, "the lower-level solution")
    let evaluation = upper.evaluate(at: x, theta: theta)
    guard evaluation.value.isFinite else { throw .notFinite("the upper-level loss") }
    try DataChecks.finite(evaluation.gradient, "the gradient of the upper-level loss")
    if let gradient = evaluation.hyperparameterGradient {
      try DataChecks.finite(gradient, "the gradient of the upper-level loss by the hyperparameters")
    }
    return evaluation
  }
}
