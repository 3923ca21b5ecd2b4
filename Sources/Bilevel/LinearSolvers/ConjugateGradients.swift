import NumericalMethods

/// Conjugate gradients for positive definite Hessians.
///
/// The residual that the recurrence carries drifts from the true one; once it is small enough the true one is computed,
/// and the method begins again from there if that is too large.
/// - Source: Hestenes and Stiefel, "Methods of conjugate gradients for solving linear systems" (1952).
public struct ConjugateGradients: LinearSolver {
  /// The most products with the Hessian; nil for ten times the number of variables, but at least 1,000.
  public var maximumProducts: Int?

  /// Creates a solver.
  public init(maximumProducts: Int? = nil) { self.maximumProducts = maximumProducts }

  /// Solves as every linear solver does.
  ///
  /// - Throws: `indefinite` at a direction along which H does not curve upwards.
  public func solve(
    _ derivatives: any SecondDerivatives, _ b: [Double], accuracy: Double, from start: [Double]?
  ) throws(BilevelError) -> LinearSolution {
    precondition(accuracy >= 0, "An accuracy is not negative")
    try DataChecks.finite(b, "the right-hand side of a linear system")
    if let start { try DataChecks.finite(start, "the start of a linear system") }
    let limit = maximumProducts ?? max(1_000, 10 * b.count)
    var cost = SolveCost()
    var q = start ?? [Double](repeating: 0, count: b.count)
    var r = b
    if start != nil {
      r = residual(of: q, derivatives, b)
      cost.hessianProducts += 1
    }
    var best = (q: q, norm: euclideanNorm(r))
    guard best.norm.isFinite else { throw .notFinite("the Hessian") }
    while best.norm > accuracy, best.norm > 0, cost.hessianProducts < limit {
      try descend(derivatives, &q, &r, accuracy: accuracy, limit: limit, cost: &cost)
      r = residual(of: q, derivatives, b)
      cost.hessianProducts += 1
      let norm = euclideanNorm(r)
      guard norm.isFinite else { throw .notFinite("the Hessian") }
      let progress = norm < best.norm / 2
      if norm < best.norm { best = (q, norm) }
      if !progress { break }
    }
    return LinearSolution(
      q: best.q, residualNorm: best.norm, hasConverged: best.norm <= accuracy, cost: cost)
  }

  /// One run of the recurrence, until the residual it carries is small enough or rounding ends it.
  private func descend(
    _ derivatives: any SecondDerivatives, _ q: inout [Double], _ r: inout [Double], accuracy: Double, limit: Int,
    cost: inout SolveCost
  ) throws(BilevelError) {
    var direction = r
    var square = dot(r, r)
    let floor = square * .ulpOfOne * .ulpOfOne
    while square > accuracy * accuracy, square > floor, cost.hessianProducts < limit {
      let product = derivatives.hessianProduct(direction)
      cost.hessianProducts += 1
      let curvature = dot(direction, product)
      guard curvature.isFinite else { throw .notFinite("the Hessian") }
      guard curvature > 0 else { throw .indefinite(curvature: curvature / dot(direction, direction)) }
      axpy(square / curvature, direction, into: &q)
      axpy(-square / curvature, product, into: &r)
      let next = dot(r, r)
      for j in direction.indices { direction[j] = r[j] + next / square * direction[j] }
      square = next
    }
  }
}
