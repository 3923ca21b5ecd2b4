/// A loss g(x, θ) that judges the solution of a lower-level problem, such as the error on validation data.
public protocol UpperLevelLoss: Sendable {
  /// The value of g and its gradients.
  ///
  /// - Parameters:
  ///   - x: p numbers.
  ///   - theta: d numbers.
  func evaluate(at x: [Double], theta: [Double]) -> UpperLevelEvaluation

  /// L_g, the Lipschitz constant of x ↦ ∇ₓg at θ for all x, or nil where none is known.
  func gradientLipschitz(at theta: [Double]) -> Double?

  /// An upper bound of L_g for all θ, or nil where none is known.
  var greatestGradientLipschitz: Double? { get }

  /// The Lipschitz constant of x ↦ ∇θg at θ: 0 where g does not depend on θ, nil where none is known.
  func hyperparameterGradientLipschitz(at theta: [Double]) -> Double?

  /// Whether g is convex in x, which tightens its lower bounds.
  var isConvex: Bool { get }
}

extension UpperLevelLoss {
  /// Zero, as for a loss that does not depend on θ.
  public func hyperparameterGradientLipschitz(at theta: [Double]) -> Double? { 0 }
}

/// An upper-level loss at one point.
public struct UpperLevelEvaluation: Hashable, Sendable {
  /// The value g.
  public var value: Double

  /// The gradient ∇ₓg, p numbers.
  public var gradient: [Double]

  /// The gradient ∇θg at fixed x, d numbers, or nil where g does not depend on θ.
  public var hyperparameterGradient: [Double]?

  /// Creates an evaluation.
  public init(value: Double, gradient: [Double], hyperparameterGradient: [Double]? = nil) {
    self.value = value
    self.gradient = gradient
    self.hyperparameterGradient = hyperparameterGradient
  }
}
