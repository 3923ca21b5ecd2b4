import NumericalMethods

extension BilevelProblem {
  /// The implicit hypergradient at a solution of the lower level: H·q = ∇ₓg, z = ∇θg − Jᵀq.
  ///
  /// Which method found x and which solves the linear system are independent of each other.
  /// - Parameters:
  ///   - theta: d numbers.
  ///   - x: an approximate solution of the lower level, p numbers.
  ///   - solver: what solves the linear system.
  ///   - accuracy: the residual δ to reach.
  ///   - adjoint: q to start from, such as that of a θ nearby; nil for 0.
  /// - Throws: `notFinite`, and what the solver throws.
  /// - Source: Pedregosa, "Hyperparameter optimization with approximate gradient" (2016).
  public func implicitHypergradient(
    at theta: [Double], x: [Double], solver: any LinearSolver, accuracy: Double, from adjoint: [Double]? = nil
  ) throws(BilevelError) -> Hypergradient {
    let upper = try evaluateUpper(at: x, theta: theta)
    let derivatives = lower.derivatives(at: x, theta: theta)
    let linear = try solver.solve(derivatives, upper.gradient, accuracy: accuracy, from: adjoint)
    let product = derivatives.crossTransposeProduct(linear.q)
    let gradient = product.indices.map { (upper.hyperparameterGradient?[$0] ?? 0) - product[$0] }
    try DataChecks.finite(gradient, "the hypergradient")
    return Hypergradient(
      gradient: gradient, value: upper.value, x: x, adjoint: linear.q,
      upperGradientNorm: euclideanNorm(upper.gradient), adjointResidual: linear.residualNorm,
      crossNorm: derivatives.crossNorm, cost: linear.cost + SolveCost(crossProducts: 1))
  }

  /// The implicit hypergradient by conjugate gradients, to a residual of δ.
  ///
  /// - Parameters:
  ///   - theta: d numbers.
  ///   - x: an approximate solution of the lower level, p numbers.
  ///   - accuracy: the residual δ to reach; 0 for as small as rounding allows.
  ///   - adjoint: q to start from; nil for 0.
  /// - Throws: `notFinite` or `indefinite`.
  public func conjugateGradientHypergradient(
    at theta: [Double], x: [Double], accuracy: Double, from adjoint: [Double]? = nil
  ) throws(BilevelError) -> Hypergradient {
    try implicitHypergradient(at: theta, x: x, solver: ConjugateGradients(), accuracy: accuracy, from: adjoint)
  }

  /// The implicit hypergradient by a truncated Neumann series.
  ///
  /// - Parameters:
  ///   - theta: d numbers.
  ///   - x: an approximate solution of the lower level, p numbers.
  ///   - steps: the number of products with the Hessian.
  ///   - stepSize: α, below 2/λ_max(H).
  /// - Throws: `notFinite`.
  public func neumannHypergradient(
    at theta: [Double], x: [Double], steps: Int, stepSize: Double
  ) throws(BilevelError) -> Hypergradient {
    try implicitHypergradient(
      at: theta, x: x, solver: NeumannSeries(terms: steps, stepSize: stepSize), accuracy: 0)
  }

  /// The implicit hypergradient by the direct method of the family.
  ///
  /// - Parameters:
  ///   - theta: d numbers.
  ///   - x: an approximate solution of the lower level, p numbers.
  /// - Throws: `noDirectMethod`, `singular` or `notFinite`.
  public func directHypergradient(at theta: [Double], x: [Double]) throws(BilevelError) -> Hypergradient {
    try implicitHypergradient(at: theta, x: x, solver: DirectLinearSolver(), accuracy: 0)
  }
}
