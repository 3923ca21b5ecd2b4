import NumericalMethods

/// The squared distance to a known target, g = ‖x − t‖², such as a clean signal.
public struct SquaredDistance: UpperLevelLoss {
  private let target: [Double]

  /// Whether g is convex in x.
  public var isConvex: Bool { true }

  /// Creates a loss from a target t of p numbers.
  ///
  /// - Throws: `notFinite`.
  public init(target: [Double]) throws(BilevelError) {
    try DataChecks.finite(target, "the target")
    self.target = target
  }

  /// The value of g and its gradients.
  public func evaluate(at x: [Double], theta: [Double]) -> UpperLevelEvaluation {
    var difference = x
    axpy(-1, target, into: &difference)
    let value = dot(difference, difference)
    return UpperLevelEvaluation(value: value, gradient: difference.map { 2 * $0 })
  }

  /// L_g, which θ does not change.
  public var greatestGradientLipschitz: Double? { 2 }

  /// L_g, the Lipschitz constant of ∇ₓg.
  public func gradientLipschitz(at theta: [Double]) -> Double? { 2 }
}
