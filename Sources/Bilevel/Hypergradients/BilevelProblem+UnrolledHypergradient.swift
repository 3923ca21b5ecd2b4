import NumericalMethods

extension BilevelProblem {
  /// The gradient of g(x_K(θ), θ) where x_K is reached by K gradient steps from x, by going back through the steps.
  ///
  /// - Parameters:
  ///   - theta: d numbers.
  ///   - x: the start, p numbers, which does not depend on θ.
  ///   - steps: K.
  ///   - stepSize: α, below 2/λ_max(H).
  /// - Throws: `notFinite`.
  /// - Complexity: K gradients, K products with H and K with Jᵀ; keeps K·p numbers.
  /// - Source: Franceschi, Donini, Frasconi and Pontil, "Forward and reverse gradient-based hyperparameter optimization" (2017).
  public func reverseUnrolledHypergradient(
    at theta: [Double], x: [Double], steps: Int, stepSize: Double
  ) throws(BilevelError) -> Hypergradient {
    precondition(steps >= 0 && stepSize > 0, "Steps have a positive length and no negative number")
    var path = [x]
    for _ in 0..<steps { path.append(try gradientStep(from: path[path.count - 1], theta: theta, stepSize: stepSize)) }
    let last = path[steps]
    let upper = try evaluateUpper(at: last, theta: theta)
    var gradient = upper.hyperparameterGradient ?? [Double](repeating: 0, count: theta.count)
    var adjoint = upper.gradient
    for point in path.dropLast().reversed() {
      let derivatives = lower.derivatives(at: point, theta: theta)
      axpy(-stepSize, derivatives.crossTransposeProduct(adjoint), into: &gradient)
      axpy(-stepSize, derivatives.hessianProduct(adjoint), into: &adjoint)
    }
    return try unrolled(
      gradient, upper, at: last, cost: SolveCost(gradients: steps, hessianProducts: steps, crossProducts: steps))
  }

  /// The gradient of g(x_K(θ), θ) where x_K is reached by K gradient steps from x, by carrying dx/dθ along.
  ///
  /// A reference for small problems: the mixed derivatives are made whole in each step.
  /// - Parameters:
  ///   - theta: d numbers.
  ///   - x: the start, p numbers, which does not depend on θ.
  ///   - steps: K.
  ///   - stepSize: α, below 2/λ_max(H).
  /// - Throws: `notFinite`.
  /// - Complexity: K gradients, K·d products with H and K·p with Jᵀ; keeps p·d numbers.
  /// - Source: as above.
  public func forwardUnrolledHypergradient(
    at theta: [Double], x: [Double], steps: Int, stepSize: Double
  ) throws(BilevelError) -> Hypergradient {
    precondition(steps >= 0 && stepSize > 0, "Steps have a positive length and no negative number")
    let (p, d) = (x.count, theta.count)
    var point = x
    var sensitivities = Matrix(rows: p, columns: d)
    for _ in 0..<steps {
      let derivatives = lower.derivatives(at: point, theta: theta)
      let cross = derivatives.crossMatrix(variables: p, hyperparameters: d)
      for k in 0..<d {
        var column = sensitivities.column(k)
        axpy(-stepSize, derivatives.hessianProduct(column), into: &column)
        axpy(-stepSize, cross.column(k), into: &column)
        sensitivities.setColumn(k, to: column)
      }
      point = try gradientStep(from: point, theta: theta, stepSize: stepSize)
    }
    let upper = try evaluateUpper(at: point, theta: theta)
    var gradient = upper.hyperparameterGradient ?? [Double](repeating: 0, count: d)
    gemv(sensitivities, upper.gradient, transposing: true, beta: 1, into: &gradient)
    return try unrolled(
      gradient, upper, at: point,
      cost: SolveCost(gradients: steps, hessianProducts: steps * d, crossProducts: steps * p))
  }

  private func gradientStep(from x: [Double], theta: [Double], stepSize: Double) throws(BilevelError) -> [Double] {
    var gradient = x
    _ = lower.evaluate(at: x, theta: theta, gradient: &gradient)
    try DataChecks.finite(gradient, "the lower-level objective")
    var next = x
    axpy(-stepSize, gradient, into: &next)
    return next
  }

  private func unrolled(
    _ gradient: [Double], _ upper: UpperLevelEvaluation, at x: [Double], cost: SolveCost
  ) throws(BilevelError) -> Hypergradient {
    try DataChecks.finite(gradient, "the hypergradient")
    return Hypergradient(
      gradient: gradient, value: upper.value, x: x, adjoint: nil, upperGradientNorm: euclideanNorm(upper.gradient),
      adjointResidual: nil, crossNorm: nil, cost: cost)
  }
}
