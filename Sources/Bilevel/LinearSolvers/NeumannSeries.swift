import NumericalMethods

/// The truncated Neumann series q = α·Σ_{k≤K} (I − αH)ᵏ·b.
///
/// Its error decays like (1 − αμ)ᴷ, and it diverges unless α < 2/λ_max(H): conjugate gradients do better at equal cost, but
/// K products are known in advance and nothing is asked of H but its size.
/// - Source: Lorraine, Vicol and Duvenaud, "Optimizing millions of hyperparameters by implicit differentiation" (2020).
public struct NeumannSeries: LinearSolver {
  /// The number K of products.
  public var terms: Int

  /// The step α.
  public var stepSize: Double

  /// Creates a solver.
  public init(terms: Int, stepSize: Double) {
    precondition(terms >= 0 && stepSize > 0, "A series has a positive step and no negative number of terms")
    self.terms = terms
    self.stepSize = stepSize
  }

  /// Sums the series.
  ///
  /// - Parameters:
  ///   - derivatives: H, p × p.
  ///   - b: p numbers.
  ///   - accuracy: only judged, since the number of terms is fixed.
  ///   - start: where given, the series is summed for the residual there.
  /// - Throws: `notFinite`, also where the series diverged beyond all numbers.
  public func solve(
    _ derivatives: any SecondDerivatives, _ b: [Double], accuracy: Double, from start: [Double]?
  ) throws(BilevelError) -> LinearSolution {
    try DataChecks.finite(b, "the right-hand side of a linear system")
    var cost = SolveCost(hessianProducts: terms)
    var v = b
    if let start {
      v = residual(of: start, derivatives, b)
      cost.hessianProducts += 1
    }
    var sum = v
    for _ in 0..<terms {
      axpy(-stepSize, derivatives.hessianProduct(v), into: &v)
      axpy(1, v, into: &sum)
    }
    var q = start ?? [Double](repeating: 0, count: b.count)
    axpy(stepSize, sum, into: &q)
    return try LinearSolution(q, of: derivatives, b, accuracy: accuracy, cost: cost)
  }
}
