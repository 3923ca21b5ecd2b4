import NumericalMethods
import TuningModel

/// What answers a tuner's requests in process: the folds of a problem, their solvers, and what past trials left.
struct BuiltInOracle: Sendable {
  let folds: [BilevelProblem]
  let inner: any InnerSolver
  let linear: any LinearSolver
  /// Whether solutions start from those of the trial that a request names.
  let isWarm: Bool
  /// Whether constants are taken from the eigenvalues of small Hessians.
  let isSharpened: Bool

  /// What a trial leaves of a fold: the solution, and the adjoint after a hypergradient or the second copy of `f2sa`.
  private struct Kept {
    var x: [Double]
    var q: [Double]?
  }

  /// Keeps a run's memory in bounds; methods go back a few trials at most.
  private static let mostKept = 64

  private var kept: [TrialNumber: [Kept]] = [:]
  private var order: [TrialNumber] = []
  private var particles: [Int: [[Double]]] = [:]

  init(
    _ folds: [BilevelProblem], inner: any InnerSolver, linear: any LinearSolver, isWarm: Bool, isSharpened: Bool
  ) {
    self.folds = folds
    self.inner = inner
    self.linear = linear
    self.isWarm = isWarm
    self.isSharpened = isSharpened
  }

  /// Answers a request at θ.
  ///
  /// - Throws: what solvers throw; the trial has then failed.
  mutating func answer(
    _ request: OracleRequest, at theta: [Double], trial: TrialNumber
  ) throws(BilevelError) -> (answer: OracleAnswer, cost: SolveCost) {
    var sum = FoldSum(dimension: theta.count, folds: folds.count)
    var left: [Kept] = []
    let start = isWarm ? request.warmFrom.flatMap { kept[$0] } : nil
    for (index, fold) in folds.enumerated() {
      switch request.kind {
      case .value, .hypergradient:
        left.append(try solve(fold, request, theta, from: start?[index], into: &sum))
      case .f2sa:
        guard let steps = request.penaltySteps else { throw .unsupported("The request has no steps.") }
        let copies = try fold.penaltySteps(steps, at: theta, from: start.map { (y: $0[index].x, z: $0[index].q) })
        left.append(Kept(x: copies.y, q: copies.z))
        sum.add(value: copies.value, gradient: copies.direction, cost: copies.cost)
        sum.gap = max(sum.gap ?? 0, distance(copies.y, copies.z))
      case .bda:
        guard let steps = request.mixedSteps else { throw .unsupported("The request has no steps.") }
        let mixed = try fold.mixedSteps(steps, at: theta, from: start?[index].x)
        left.append(Kept(x: mixed.x))
        sum.add(value: mixed.value, gradient: mixed.gradient, cost: mixed.cost)
      case .es:
        guard let unroll = request.unroll else { throw .unsupported("The request has no steps.") }
        var x = unroll.reset ? nil : particles[unroll.particle].map { $0[index] }
        let part = try fold.trainingSteps(unroll.steps, at: theta, from: &x)
        left.append(Kept(x: x ?? fold.lower.coldStart))
        sum.add(value: part.value, gradient: nil, cost: part.cost)
      case .stn: throw .unsupported("No built-in problem has weights that respond to hyperparameters.")
      }
    }
    if let unroll = request.unroll {
      particles[unroll.particle] = left.map(\.x)
    } else {
      keep(left, of: trial)
    }
    sum.isReset = request.kind == .f2sa && request.warmFrom != nil && start == nil && isWarm
    return (sum.answer(to: request), sum.cost)
  }

  private mutating func keep(_ left: [Kept], of trial: TrialNumber) {
    kept[trial] = left
    order.append(trial)
    if order.count > Self.mostKept { kept[order.removeFirst()] = nil }
  }

  /// A solution of the lower level, and the hypergradient where it is asked for.
  private func solve(
    _ fold: BilevelProblem, _ request: OracleRequest, _ theta: [Double], from start: Kept?, into sum: inout FoldSum
  ) throws(BilevelError) -> Kept {
    let eps = request.eps ?? 0
    let solution = try inner.solve(fold.lower, theta: theta, accuracy: eps, from: start?.x)
    sum.cost += solution.cost
    let knowledge =
      isSharpened
      ? try fold.sharpenedKnowledge(at: theta, solution: solution)
      : fold.declaredKnowledge(at: theta, solution: solution)
    // Where μ is not known it counts as 1, and nothing is certified.
    let reached = knowledge.accuracy ?? solution.gradientNorm
    guard request.kind == .hypergradient else {
      let upper = try fold.evaluateUpper(at: solution.x, theta: theta)
      sum.add(value: upper.value, gradient: nil, cost: SolveCost())
      sum.note(
        mu: knowledge.constants.strongConvexity, accuracy: reached, gradientNorm: euclideanNorm(upper.gradient))
      return Kept(x: solution.x, q: start?.q)
    }
    let estimate = try fold.implicitHypergradient(
      at: theta, x: solution.x, solver: linear, accuracy: request.delta ?? eps, from: start?.q)
    sum.add(value: estimate.value, gradient: estimate.gradient, cost: estimate.cost)
    sum.note(
      mu: knowledge.constants.strongConvexity, accuracy: reached, gradientNorm: estimate.upperGradientNorm,
      residual: estimate.adjointResidual, errorBound: .some(fold.errorBound(of: estimate, at: theta, knowledge)))
    return Kept(x: solution.x, q: estimate.adjoint)
  }
}

/// The mean of what the folds of a problem answer.
struct FoldSum: Sendable {
  private let share: Double
  private var value = 0.0
  private var gradient: [Double]
  private var hasGradient = false
  private var accuracies: [Double] = []
  private var gradientNorms: [Double] = []
  private var mu: Double? = .infinity
  private var residual: Double?
  private var errorBound: Double? = 0
  private var hasBound = false
  var gap: Double?
  var isReset = false
  var cost = SolveCost()

  init(dimension: Int, folds: Int) {
    share = 1 / Double(folds)
    gradient = [Double](repeating: 0, count: dimension)
  }

  mutating func add(value: Double, gradient: [Double]?, cost: SolveCost) {
    self.value += share * value
    if let gradient {
      axpy(share, gradient, into: &self.gradient)
      hasGradient = true
    }
    self.cost += cost
  }

  mutating func note(
    mu: Double?, accuracy: Double, gradientNorm: Double, residual: Double? = nil, errorBound: Double?? = nil
  ) {
    self.mu = self.mu.flatMap { least in mu.map { min(least, $0) } }
    accuracies.append(accuracy)
    gradientNorms.append(gradientNorm)
    if let residual { self.residual = max(self.residual ?? 0, residual) }
    if let errorBound {
      hasBound = true
      self.errorBound = self.errorBound.flatMap { sum in errorBound.map { sum + share * $0 } }
    }
  }

  /// The answer: ε̂ is the largest of the folds, and ‖∇g‖ such that ‖∇g‖ε̂ is the mean of the folds' products.
  func answer(to request: OracleRequest) -> OracleAnswer {
    var answer = OracleAnswer(g: value)
    answer.z = hasGradient ? gradient : nil
    answer.gap = gap
    answer.reset = isReset
    answer.cost = OracleAnswer.Cost(
      inner: Double(cost.gradients), hvp: Double(cost.hessianProducts))
    guard let largest = accuracies.max() else { return answer }
    let products = zip(accuracies, gradientNorms).reduce(0) { $0 + share * $1.0 * $1.1 }
    answer.epsHat = largest
    answer.gradGNorm = largest > 0 ? products / largest : gradientNorms.reduce(0) { $0 + share * $1 }
    answer.mu = mu.flatMap { $0.isFinite ? $0 : nil }
    answer.deltaHat = residual
    answer.omega = hasBound ? errorBound : nil
    return answer
  }
}
