import NumericalMethods

/// Nesterov's accelerated gradient method for μ-strongly convex, L-smooth problems (FISTA without a proximal term).
///
/// One gradient for each iteration. About √(L/μ)·log(1/ε) iterations.
/// - Source: Chambolle and Pock, "An introduction to continuous optimization for imaging", Acta Numerica 25 (2016), algorithm 5.
public struct AcceleratedGradient: InnerSolver {
  /// The most iterations.
  public var maximumIterations: Int

  /// Creates a solver.
  public init(maximumIterations: Int = 100_000) { self.maximumIterations = maximumIterations }

  /// Minimises as every inner solver does.
  ///
  /// A gradient step of length 1/L never lengthens the gradient of a convex function, so a gradient short enough before the
  /// step is so after it, and each iteration needs only one.
  /// - Throws: `unknownConstant` where L is not known.
  public func solve(
    _ problem: any LowerLevelProblem, theta: [Double], accuracy: Double, from start: [Double]?
  ) throws(BilevelError) -> InnerSolution {
    var objective = try InnerObjective(problem, theta: theta, accuracy: accuracy)
    guard let smoothness = objective.constants.smoothness else { throw .unknownConstant("the smoothness L") }
    guard smoothness > 0, smoothness.isFinite else { throw .notFinite("the smoothness L") }
    let ratio = min(1, (objective.constants.strongConvexity ?? 0) / smoothness)
    var x = try objective.start(start)
    var (previous, z, gradient) = (x, x, x)
    var t = 0.0
    for _ in 0..<maximumIterations {
      let value = objective.evaluate(at: z, gradient: &gradient)
      let norm = euclideanNorm(gradient)
      guard value.isFinite, norm.isFinite else { throw .notFinite("the lower-level objective") }
      previous = x
      x = z
      axpy(-1 / smoothness, gradient, into: &x)
      if norm <= objective.target { break }

      let shrunk = 1 - ratio * t * t
      let next = (shrunk + (shrunk * shrunk + 4 * t * t).squareRoot()) / 2
      let momentum = ratio < 1 ? (t - 1) * (1 - ratio * next) / (next * (1 - ratio)) : 0
      z = x
      axpy(momentum, x, into: &z)
      axpy(-momentum, previous, into: &z)
      t = next
    }
    let value = objective.evaluate(at: x, gradient: &gradient)
    return try objective.solution(x, value: value, gradient: gradient)
  }
}
