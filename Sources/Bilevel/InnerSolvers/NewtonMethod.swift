import NumericalMethods

/// Newton's method with a line search; its systems are solved directly where the family can, else by conjugate gradients.
///
/// Conjugate gradients stop early while far from the solution (a residual of min(½, √‖∇h‖)·‖∇h‖) and at directions of
/// negative curvature, so that the method also descends on problems that are not convex.
/// - Source: Nocedal and Wright, "Numerical optimization" (2006), algorithm 7.1.
public struct NewtonMethod: InnerSolver {
  /// The most iterations.
  public var maximumIterations: Int

  /// The most conjugate-gradient iterations for one step; nil for twice the number of variables, but at least 100.
  public var maximumProducts: Int?

  /// Whether to use conjugate gradients even where the family has a direct method.
  public var avoidsDirectSolutions: Bool

  /// Creates a solver.
  public init(maximumIterations: Int = 200, maximumProducts: Int? = nil, avoidsDirectSolutions: Bool = false) {
    self.maximumIterations = maximumIterations
    self.maximumProducts = maximumProducts
    self.avoidsDirectSolutions = avoidsDirectSolutions
  }

  /// Minimises as every inner solver does.
  public func solve(
    _ problem: any LowerLevelProblem, theta: [Double], accuracy: Double, from start: [Double]?
  ) throws(BilevelError) -> InnerSolution {
    var objective = try InnerObjective(problem, theta: theta, accuracy: accuracy)
    var x = try objective.start(start)
    var gradient = x
    var value = objective.evaluate(at: x, gradient: &gradient)
    for _ in 0..<maximumIterations {
      let norm = euclideanNorm(gradient)
      guard value.isFinite, norm.isFinite else { throw .notFinite("the lower-level objective") }
      if norm <= objective.target || norm == 0 { break }
      let derivatives = problem.derivatives(at: x, theta: theta)
      let direction = try direction(derivatives, gradient: gradient, norm: norm, cost: &objective.cost)
      guard let step = search(&objective, x, value: value, gradient: gradient, direction: direction) else { break }
      (x, value, gradient) = step
    }
    return try objective.solution(x, value: value, gradient: gradient)
  }

  /// A descent direction, by the Newton system solved exactly or in part.
  private func direction(
    _ derivatives: any SecondDerivatives, gradient: [Double], norm: Double, cost: inout SolveCost
  ) throws(BilevelError) -> [Double] {
    if !avoidsDirectSolutions {
      do throws(BilevelError) {
        if let solution = try derivatives.solveDirectly(gradient.map { -$0 }) {
          cost.directSolutions += 1
          return solution
        }
      } catch .singular {
        // Conjugate gradients still find a direction of descent.
      }
    }
    let limit = maximumProducts ?? max(100, 2 * gradient.count)
    let target = min(0.5, norm.squareRoot()) * norm
    var direction = [Double](repeating: 0, count: gradient.count)
    var residual = gradient.map { -$0 }
    var conjugate = residual
    var square = norm * norm
    for _ in 0..<limit {
      let product = derivatives.hessianProduct(conjugate)
      cost.hessianProducts += 1
      let curvature = dot(conjugate, product)
      guard curvature.isFinite else { throw .notFinite("the Hessian") }
      guard curvature > 0 else {
        return direction.allSatisfy { $0 == 0 } ? residual : direction
      }
      axpy(square / curvature, conjugate, into: &direction)
      axpy(-square / curvature, product, into: &residual)
      let next = dot(residual, residual)
      if next.squareRoot() <= target { break }
      for j in conjugate.indices { conjugate[j] = residual[j] + next / square * conjugate[j] }
      square = next
    }
    return direction
  }

  /// A step along a direction that lowers the value enough; where rounding hides the value, one that halves the gradient.
  private func search(
    _ objective: inout InnerObjective, _ x: [Double], value: Double, gradient: [Double], direction: [Double]
  ) -> (x: [Double], value: Double, gradient: [Double])? {
    let (slope, norm) = (dot(gradient, direction), euclideanNorm(gradient))
    guard slope < 0 else { return nil }
    let rounding = 64 * .ulpOfOne * max(1, value.magnitude)
    var (trial, trialGradient) = (x, gradient)
    var length = 1.0
    for _ in 0..<60 {
      trial = x
      axpy(length, direction, into: &trial)
      let trialValue = objective.evaluate(at: trial, gradient: &trialGradient)
      if trialValue <= value + 1e-4 * length * slope, euclideanNorm(trialGradient).isFinite {
        return (trial, trialValue, trialGradient)
      }
      if trialValue <= value + rounding, euclideanNorm(trialGradient) <= norm / 2 {
        return (trial, trialValue, trialGradient)
      }
      length /= 2
    }
    return nil
  }
}
