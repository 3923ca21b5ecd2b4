/// The direct method of families that have one: exact up to rounding, at whatever accuracy is asked for.
public struct DirectMethod: InnerSolver {
  /// Creates a solver.
  public init() {}

  /// The exact solution; the start and the accuracy play no part.
  ///
  /// - Throws: `noDirectMethod` where the family has none, `singular` or `notFinite`.
  public func solve(
    _ problem: any LowerLevelProblem, theta: [Double], accuracy: Double, from start: [Double]?
  ) throws(BilevelError) -> InnerSolution {
    var objective = try InnerObjective(problem, theta: theta, accuracy: accuracy)
    guard let x = try problem.directSolution(at: theta) else { throw .noDirectMethod }
    var gradient = x
    objective.cost.directSolutions += 1
    let value = objective.evaluate(at: x, gradient: &gradient)
    var solution = try objective.solution(x, value: value, gradient: gradient)
    solution.hasConverged = true
    return solution
  }
}
