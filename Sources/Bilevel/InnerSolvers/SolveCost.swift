/// What a computation cost, in the units that bilevel methods are compared by.
public struct SolveCost: Hashable, Sendable {
  /// Evaluations of h with its gradient.
  public var gradients = 0

  /// Products with the Hessian.
  public var hessianProducts = 0

  /// Products with Jᵀ.
  public var crossProducts = 0

  /// Direct solutions of linear systems in the Hessian.
  public var directSolutions = 0

  /// Creates a cost.
  public init(gradients: Int = 0, hessianProducts: Int = 0, crossProducts: Int = 0, directSolutions: Int = 0) {
    self.gradients = gradients
    self.hessianProducts = hessianProducts
    self.crossProducts = crossProducts
    self.directSolutions = directSolutions
  }

  /// The costs of two computations together.
  public static func + (left: SolveCost, right: SolveCost) -> SolveCost {
    SolveCost(
      gradients: left.gradients + right.gradients, hessianProducts: left.hessianProducts + right.hessianProducts,
      crossProducts: left.crossProducts + right.crossProducts,
      directSolutions: left.directSolutions + right.directSolutions)
  }

  /// Adds the cost of another computation.
  public static func += (left: inout SolveCost, right: SolveCost) { left = left + right }
}
