import NumericalMethods

/// The limited-memory BFGS method, which needs nothing but gradients.
public struct QuasiNewtonMethod: InnerSolver {
  /// The number of steps that the Hessian approximation remembers.
  public var memory: Int

  /// The most evaluations of h.
  public var maximumEvaluations: Int

  /// Creates a solver.
  public init(memory: Int = 10, maximumEvaluations: Int = 15_000) {
    self.memory = memory
    self.maximumEvaluations = maximumEvaluations
  }

  /// Minimises as every inner solver does.
  public func solve(
    _ problem: any LowerLevelProblem, theta: [Double], accuracy: Double, from start: [Double]?
  ) throws(BilevelError) -> InnerSolution {
    var objective = try InnerObjective(problem, theta: theta, accuracy: accuracy)
    let start = try objective.start(start)
    var descent = BoundedLBFGS(
      bounds: .unbounded(dimensions: start.count),
      options: .init(
        memory: memory, maximumIterations: maximumEvaluations, maximumEvaluations: maximumEvaluations,
        gradientTolerance: 0, valueTolerance: 0)
    ).descent(from: start)
    var gradient = start
    while let point = descent.next {
      let value = objective.evaluate(at: point, gradient: &gradient)
      if euclideanNorm(gradient) <= objective.target {
        return try objective.solution(point, value: value, gradient: gradient)
      }
      descent.advance(value: value, gradient: gradient)
    }
    let best = descent.result.point
    let value = objective.evaluate(at: best, gradient: &gradient)
    return try objective.solution(best, value: value, gradient: gradient)
  }
}
