import NumericalMethods

/// The mean f(θ) of bilevel problems that share their hyperparameters: the folds of a cross-validation, or a single problem.
///
/// Each fold has a lower-level solution and an adjoint of its own, which warm starts carry from one θ to the next.
public struct FoldedObjective: Sendable {
  /// The folds, at least one.
  public let folds: [BilevelProblem]

  /// What minimises the lower level.
  public var innerSolver: any InnerSolver

  /// What solves the adjoint system.
  public var linearSolver: any LinearSolver

  /// What evaluations at one θ leave for those at another: of each fold x and, after a hypergradient, q.
  public struct WarmStart: Hashable, Sendable {
    /// The lower-level solutions.
    public var solutions: [[Double]]

    /// The adjoints, none before the first hypergradient.
    public var adjoints: [[Double]]?
  }

  /// The mean over folds at one θ, with what it rests on.
  public struct Evaluation: Hashable, Sendable {
    /// The mean of the values g(x, θ).
    public var value: Double

    /// The mean of the hypergradients, d numbers.
    public var gradient: [Double]

    /// An interval that holds f(θ), or nil where a constant is not known.
    public var interval: ClosedRange<Double>?

    /// ω, the mean of the error bounds of the folds, or nil where a constant is not known.
    public var errorBound: Double?

    /// The largest ε̂ of a fold, or nil where μ is not known.
    public var innerAccuracy: Double?

    /// The largest δ̂ of a fold.
    public var adjointResidual: Double

    /// Whether each inner and each linear solver reached what was asked for.
    public var hasConverged: Bool

    /// Where to go on from.
    public var warmStart: WarmStart

    /// What it cost.
    public var cost: SolveCost
  }

  /// Creates the mean of folds.
  ///
  /// - Throws: `invalidData` when there is no fold or they differ in their hyperparameters.
  public init(
    _ folds: [BilevelProblem], innerSolver: any InnerSolver, linearSolver: any LinearSolver = ConjugateGradients()
  ) throws(BilevelError) {
    guard let first = folds.first else { throw .invalidData("There is no fold.") }
    let names = first.lower.hyperparameters.map(\.name)
    guard folds.allSatisfy({ $0.lower.hyperparameters.map(\.name) == names }) else {
      throw .invalidData("The folds differ in their hyperparameters.")
    }
    self.folds = folds
    self.innerSolver = innerSolver
    self.linearSolver = linearSolver
  }

  /// The hyperparameters that the folds share.
  public var hyperparameters: [Hyperparameter] { folds[0].lower.hyperparameters }

  /// The mean value and hypergradient at θ.
  ///
  /// - Parameters:
  ///   - theta: d numbers.
  ///   - innerAccuracy: ε for each fold.
  ///   - adjointAccuracy: δ for each fold.
  ///   - warmStart: where to go on from; nil for a cold start.
  ///   - sharpening: whether to take the constants from the eigenvalues of small Hessians.
  /// - Throws: what solvers throw.
  public func evaluate(
    at theta: [Double], innerAccuracy: Double, adjointAccuracy: Double, from warmStart: WarmStart? = nil,
    sharpening: Bool = false
  ) throws(BilevelError) -> Evaluation {
    let share = 1 / Double(folds.count)
    var result = Evaluation(
      value: 0, gradient: [Double](repeating: 0, count: theta.count), interval: 0...0, errorBound: 0, innerAccuracy: 0,
      adjointResidual: 0, hasConverged: true, warmStart: WarmStart(solutions: [], adjoints: []), cost: SolveCost())
    var adjoints: [[Double]] = []
    for (index, fold) in folds.enumerated() {
      let inner = try innerSolver.solve(
        fold.lower, theta: theta, accuracy: innerAccuracy, from: warmStart?.solutions[index])
      let estimate = try fold.implicitHypergradient(
        at: theta, x: inner.x, solver: linearSolver, accuracy: adjointAccuracy,
        from: warmStart?.adjoints?[index])
      let knowledge =
        sharpening
        ? try fold.sharpenedKnowledge(at: theta, solution: inner)
        : fold.declaredKnowledge(at: theta, solution: inner)
      let residual = estimate.adjointResidual ?? 0
      result.value += share * estimate.value
      axpy(share, estimate.gradient, into: &result.gradient)
      result.interval = result.interval.flatMap { sum in
        fold.valueInterval(of: estimate, at: theta, knowledge).map {
          (sum.lowerBound + share * $0.lowerBound)...(sum.upperBound + share * $0.upperBound)
        }
      }
      result.errorBound = result.errorBound.flatMap { sum in
        fold.errorBound(of: estimate, at: theta, knowledge).map { sum + share * $0 }
      }
      result.innerAccuracy = result.innerAccuracy.flatMap { sofar in knowledge.accuracy.map { max(sofar, $0) } }
      result.adjointResidual = max(result.adjointResidual, residual)
      result.hasConverged = result.hasConverged && inner.hasConverged && residual <= adjointAccuracy
      result.warmStart.solutions.append(inner.x)
      adjoints.append(estimate.adjoint ?? [])
      result.cost += inner.cost + estimate.cost
    }
    result.warmStart.adjoints = adjoints
    return result
  }
}
