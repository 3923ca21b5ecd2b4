import NumericalMethods

/// A lower-level problem that is minimised along one coordinate at a time, each time exactly.
public protocol CoordinatewiseProblem: LowerLevelProblem {
  /// The products that sweeps carry along, made anew for a point.
  func carriedProducts(at x: [Double]) -> [Double]

  /// Minimises along each coordinate in turn.
  ///
  /// - Parameters:
  ///   - x: p numbers, changed in place; the first sweep moves them where the problem allows.
  ///   - carried: what `carriedProducts` made, kept in step with x.
  ///   - theta: d numbers.
  func sweep(_ x: inout [Double], carried: inout [Double], theta: [Double])
}

/// Coordinate descent, for problems with kinks or bounds; near the solution Newton steps on its support finish the work.
///
/// A sweep counts as one gradient, a look at the gradient as another.
/// - Source: Friedman, Hastie and Tibshirani, "Regularization paths for generalized linear models via coordinate descent"
///   (2010); the steps on the support follow Bertrand et al., "Implicit differentiation for fast hyperparameter selection in
///   non-smooth convex learning" (2022), section 3.
public struct CoordinateDescent: InnerSolver {
  /// The most sweeps.
  public var maximumSweeps: Int

  /// Creates a solver.
  public init(maximumSweeps: Int = 10_000) { self.maximumSweeps = maximumSweeps }

  /// Minimises as every inner solver does.
  ///
  /// - Throws: `unsupported` for a problem that is not coordinatewise.
  public func solve(
    _ problem: any LowerLevelProblem, theta: [Double], accuracy: Double, from start: [Double]?
  ) throws(BilevelError) -> InnerSolution {
    guard let coordinatewise = problem as? any CoordinatewiseProblem else {
      throw .unsupported("Coordinate descent needs a problem that is minimised along coordinates.")
    }
    var objective = try InnerObjective(problem, theta: theta, accuracy: accuracy)
    var x = try objective.start(start)
    var gradient = x
    // The start may lie outside the bounds that this θ sets, so that the first look comes after a sweep.
    var best: InnerSolution?
    var sweeps = 0
    var stalls = 0
    repeat {
      // Made anew, so that rounding does not build up.
      var carried = coordinatewise.carriedProducts(at: x)
      for _ in 0..<5 { coordinatewise.sweep(&x, carried: &carried, theta: theta) }
      sweeps += 5
      objective.cost.gradients += 5
      let value = objective.evaluate(at: x, gradient: &gradient)
      var found = try objective.solution(x, value: value, gradient: gradient)
      if !found.hasConverged, let better = try improved(found, gradient: gradient, &objective) {
        found = better
        x = better.x
      }
      if let old = best, found.gradientNorm >= old.gradientNorm { stalls += 1 } else { stalls = 0 }
      if stalls == 0 { best = found }
      if found.hasConverged || found.gradientNorm == 0 { break }
    } while sweeps < maximumSweeps && stalls < 3 + maximumSweeps / 100
    guard var result = best else { throw .notFinite("the lower-level objective") }
    result.cost = objective.cost
    return result
  }

  /// The point after a Newton step on the support, where that shortens the gradient.
  private func improved(
    _ found: InnerSolution, gradient: [Double], _ objective: inout InnerObjective
  ) throws(BilevelError) -> InnerSolution? {
    let derivatives = objective.problem.derivatives(at: found.x, theta: objective.theta)
    let step: [Double]?
    do throws(BilevelError) {
      step = try derivatives.solveDirectly(gradient)
    } catch .singular {
      return nil
    }
    guard let step else { return nil }
    objective.cost.directSolutions += 1
    var trial = found.x
    axpy(-1, step, into: &trial)
    var trialGradient = gradient
    let value = objective.evaluate(at: trial, gradient: &trialGradient)
    guard value.isFinite, euclideanNorm(trialGradient) < found.gradientNorm else { return nil }
    return try objective.solution(trial, value: value, gradient: trialGradient)
  }
}
