/// The direct method of families that have one, such as Cholesky's.
public struct DirectLinearSolver: LinearSolver {
  /// Creates a solver.
  public init() {}

  /// Solves directly; the start plays no part, and the solution counts as converged.
  ///
  /// - Throws: `noDirectMethod`, `singular` or `notFinite`.
  public func solve(
    _ derivatives: any SecondDerivatives, _ b: [Double], accuracy: Double, from start: [Double]?
  ) throws(BilevelError) -> LinearSolution {
    try DataChecks.finite(b, "the right-hand side of a linear system")
    guard let q = try derivatives.solveDirectly(b) else { throw .noDirectMethod }
    var solution = try LinearSolution(
      q, of: derivatives, b, accuracy: accuracy, cost: SolveCost(directSolutions: 1))
    solution.hasConverged = true
    return solution
  }
}
