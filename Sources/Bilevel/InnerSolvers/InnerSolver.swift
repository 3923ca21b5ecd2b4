import NumericalMethods

/// A method that solves lower-level problems to an accuracy.
public protocol InnerSolver: Sendable {
  /// Minimises h(·, θ) until ‖∇h(x)‖ ≤ μ·ε, which puts x within ε of the solution.
  ///
  /// Where μ is not known it counts as 1 and nothing is certified. A limit or rounding may end the search before: then
  /// `hasConverged` is false and the accuracy achieved is told.
  /// - Parameters:
  ///   - problem: the lower-level problem.
  ///   - theta: d numbers.
  ///   - accuracy: ε ≥ 0; with 0 the search goes on for as long as it makes progress.
  ///   - start: p numbers for a warm start; nil for the problem's cold start.
  /// - Throws: `notFinite`; `unsupported`, `unknownConstant` or `noDirectMethod` where the method does not fit the problem.
  func solve(
    _ problem: any LowerLevelProblem, theta: [Double], accuracy: Double, from start: [Double]?
  ) throws(BilevelError) -> InnerSolution
}

/// What an inner solver found.
public struct InnerSolution: Hashable, Sendable {
  /// The point, p numbers.
  public var x: [Double]

  /// The value of h there.
  public var value: Double

  /// The norm of the gradient of h there.
  public var gradientNorm: Double

  /// ε̂ = ‖∇h(x)‖/μ, which bounds the distance to the solution; nil where μ is not known.
  public var accuracy: Double?

  /// Whether the accuracy asked for was reached.
  public var hasConverged: Bool

  /// What it cost.
  public var cost: SolveCost
}

/// A lower-level problem at one θ, as inner solvers see it: counted, and looked through for what is not finite.
struct InnerObjective {
  let problem: any LowerLevelProblem
  let theta: [Double]
  let constants: SmoothnessConstants
  /// μ·ε, the gradient norm to reach.
  let target: Double
  var cost = SolveCost()

  init(_ problem: any LowerLevelProblem, theta: [Double], accuracy: Double) throws(BilevelError) {
    precondition(theta.count == problem.hyperparameterCount, "There is one value for each hyperparameter")
    precondition(accuracy >= 0, "An accuracy is not negative")
    try DataChecks.finite(theta, "the hyperparameters")
    self.problem = problem
    self.theta = theta
    constants = problem.constants(at: theta)
    target = (constants.strongConvexity ?? 1) * accuracy
  }

  /// The start, checked.
  func start(_ warm: [Double]?) throws(BilevelError) -> [Double] {
    let start = warm ?? problem.coldStart
    precondition(start.count == problem.variableCount, "A start has one number for each variable")
    try DataChecks.finite(start, "the start")
    return start
  }

  /// The value, without a check: a line search may look where it is infinite.
  mutating func evaluate(at x: [Double], gradient: inout [Double]) -> Double {
    cost.gradients += 1
    return problem.evaluate(at: x, theta: theta, gradient: &gradient)
  }

  /// What was found at a point with this value and gradient.
  func solution(_ x: [Double], value: Double, gradient: [Double]) throws(BilevelError) -> InnerSolution {
    let norm = euclideanNorm(gradient)
    guard value.isFinite, norm.isFinite else { throw .notFinite("the lower-level objective") }
    return InnerSolution(
      x: x, value: value, gradientNorm: norm, accuracy: constants.strongConvexity.map { norm / $0 },
      hasConverged: norm <= target, cost: cost)
  }
}
