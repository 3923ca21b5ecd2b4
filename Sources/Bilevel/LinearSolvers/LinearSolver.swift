import NumericalMethods

/// A method that solves H·q = b, the adjoint system of a hypergradient.
public protocol LinearSolver: Sendable {
  /// Solves H·q = b until ‖Hq − b‖ ≤ δ.
  ///
  /// - Parameters:
  ///   - derivatives: H, p × p.
  ///   - b: p numbers.
  ///   - accuracy: δ ≥ 0; with 0 the search goes on for as long as it makes progress.
  ///   - start: p numbers for a warm start; nil for 0.
  /// - Throws: `notFinite`, `indefinite`, `singular` or `noDirectMethod`.
  func solve(
    _ derivatives: any SecondDerivatives, _ b: [Double], accuracy: Double, from start: [Double]?
  ) throws(BilevelError) -> LinearSolution
}

/// What a linear solver found.
public struct LinearSolution: Hashable, Sendable {
  /// The solution q, p numbers.
  public var q: [Double]

  /// δ̂ = ‖Hq − b‖, computed from q itself.
  public var residualNorm: Double

  /// Whether the accuracy asked for was reached.
  public var hasConverged: Bool

  /// What it cost.
  public var cost: SolveCost

  init(q: [Double], residualNorm: Double, hasConverged: Bool, cost: SolveCost) {
    self.q = q
    self.residualNorm = residualNorm
    self.hasConverged = hasConverged
    self.cost = cost
  }

  /// Judges q by its true residual, at the cost of one product.
  init(
    _ q: [Double], of derivatives: any SecondDerivatives, _ b: [Double], accuracy: Double, cost: SolveCost
  ) throws(BilevelError) {
    residualNorm = euclideanNorm(residual(of: q, derivatives, b))
    guard residualNorm.isFinite else { throw .notFinite("the solution of a linear system") }
    self.q = q
    hasConverged = residualNorm <= accuracy
    self.cost = cost
    self.cost.hessianProducts += 1
  }
}

/// The residual b − Hq.
func residual(of q: [Double], _ derivatives: any SecondDerivatives, _ b: [Double]) -> [Double] {
  var residual = b
  axpy(-1, derivatives.hessianProduct(q), into: &residual)
  return residual
}
