import Foundation
import NumericalMethods
import TuningModel

extension BilevelProblem {
  /// The longest step at which gradient steps of h are stable, 1/L; where L is not known, from ‖H‖ at the cold start.
  ///
  /// - Throws: `unsupported` for problems with kinks or bounds, along whose gradients nothing descends.
  func innerStepLength(at theta: [Double]) throws(BilevelError) -> Double {
    if lower is any CoordinatewiseProblem {
      throw .unsupported("Problems with kinks or bounds are not trained by gradient steps; use maid or hypergradient.")
    }
    if let smoothness = lower.constants(at: theta).smoothness, smoothness > 0 { return 1 / smoothness }
    let derivatives = lower.derivatives(at: lower.coldStart, theta: theta)
    var v = (0..<lower.variableCount).map { sin(Double($0 + 1)) }
    var norm = 0.0
    for _ in 0..<20 {
      let length = euclideanNorm(v)
      guard length > 0 else { break }
      v = derivatives.hessianProduct(v.map { $0 / length })
      norm = euclideanNorm(v)
    }
    guard norm.isFinite else { throw .notFinite("the Hessian") }
    // Elsewhere the curvature may be greater.
    return 1 / max(4 * norm, 1e-3)
  }

  private func innerGradient(_ x: [Double], _ theta: [Double]) throws(BilevelError) -> [Double] {
    var gradient = x
    _ = lower.evaluate(at: x, theta: theta, gradient: &gradient)
    try DataChecks.finite(gradient, "the lower-level objective")
    return gradient
  }

  /// Steps of both copies for a fully first-order method, and d = ∇θg(y) + λ(∇θh(y) − ∇θh(z)).
  ///
  /// Steps longer than what is stable are cut to that.
  /// - Source: Kwon, Kwon, Wright, Nowak 2023, "A fully first-order method for stochastic bilevel optimization".
  func penaltySteps(
    _ steps: PenaltySteps, at theta: [Double], from start: (y: [Double], z: [Double]?)?
  ) throws(BilevelError) -> (y: [Double], z: [Double], value: Double, direction: [Double], cost: SolveCost) {
    if lower is HingeSupportVectors { throw .unsupported("The box acts on the dual alone, which f2sa cannot see.") }
    let stable = try innerStepLength(at: theta)
    var y = start?.y ?? lower.coldStart
    var z = start?.z ?? y
    let gamma = min(steps.gamma, stable)
    let upperLipschitz = upper.greatestGradientLipschitz ?? 0
    let alpha = min(steps.alpha, 1 / (upperLipschitz + steps.lambda / stable))
    for _ in 0..<steps.steps {
      axpy(-gamma, try innerGradient(z, theta), into: &z)
      let pull = try evaluateUpper(at: y, theta: theta).gradient
      let inner = try innerGradient(y, theta)
      axpy(-alpha, pull, into: &y)
      axpy(-alpha * steps.lambda, inner, into: &y)
    }
    let last = try evaluateUpper(at: y, theta: theta)
    var direction = last.hyperparameterGradient ?? [Double](repeating: 0, count: theta.count)
    axpy(steps.lambda, lower.hyperparameterGradient(at: y, theta: theta), into: &direction)
    axpy(-steps.lambda, lower.hyperparameterGradient(at: z, theta: theta), into: &direction)
    try DataChecks.finite(direction, "the direction")
    return (y, z, last.value, direction, SolveCost(gradients: 2 * steps.steps))
  }

  /// Steps along (1 − a)t∇h + a·dⁱ⁻¹s∇g with t = 1/L_h and s = 1/L_g, and the gradient of g through them.
  ///
  /// Products with the Hessian of g are central differences of its gradient.
  /// - Source: Liu, Mu, Yuan, Zeng, Zhang 2020, "A generic first-order algorithmic framework for bi-level programming
  ///   beyond lower-level singleton".
  func mixedSteps(
    _ steps: MixedSteps, at theta: [Double], from start: [Double]?
  ) throws(BilevelError) -> (x: [Double], value: Double, gradient: [Double], cost: SolveCost) {
    let inner = (1 - steps.mixing) * (try innerStepLength(at: theta))
    let outer = steps.mixing / max(upper.greatestGradientLipschitz ?? 1, 1e-12)
    var path = [start ?? lower.coldStart]
    for i in 0..<steps.steps {
      var x = path[i]
      axpy(-inner, try innerGradient(path[i], theta), into: &x)
      let pull = try evaluateUpper(at: path[i], theta: theta).gradient
      axpy(-outer * pow(steps.decay, Double(i)), pull, into: &x)
      path.append(x)
    }
    let last = try evaluateUpper(at: path[steps.steps], theta: theta)
    var gradient = last.hyperparameterGradient ?? [Double](repeating: 0, count: theta.count)
    var adjoint = last.gradient
    for i in (0..<steps.steps).reversed() {
      let derivatives = lower.derivatives(at: path[i], theta: theta)
      axpy(-inner, derivatives.crossTransposeProduct(adjoint), into: &gradient)
      let weight = outer * pow(steps.decay, Double(i))
      let outerProduct = try upperHessianProduct(at: path[i], theta: theta, adjoint)
      let innerProduct = derivatives.hessianProduct(adjoint)
      axpy(-inner, innerProduct, into: &adjoint)
      axpy(-weight, outerProduct, into: &adjoint)
    }
    try DataChecks.finite(gradient, "the hypergradient")
    let k = steps.steps
    return (path[k], last.value, gradient, SolveCost(gradients: k, hessianProducts: k, crossProducts: k))
  }

  private func upperHessianProduct(
    at x: [Double], theta: [Double], _ v: [Double]
  ) throws(BilevelError) -> [Double] {
    let length = euclideanNorm(v)
    guard length > 0 else { return v }
    let step = 1e-5 * (1 + euclideanNorm(x)) / length
    var (up, down) = (x, x)
    axpy(step, v, into: &up)
    axpy(-step, v, into: &down)
    var product = try evaluateUpper(at: up, theta: theta).gradient
    axpy(-1, try evaluateUpper(at: down, theta: theta).gradient, into: &product)
    return product.map { $0 / (2 * step) }
  }

  /// Gradient steps of training, and the mean of g over them.
  func trainingSteps(
    _ steps: Int, at theta: [Double], from x: inout [Double]?
  ) throws(BilevelError) -> (value: Double, cost: SolveCost) {
    let length = try innerStepLength(at: theta)
    var point = x ?? lower.coldStart
    var sum = 0.0
    for _ in 0..<steps {
      axpy(-length, try innerGradient(point, theta), into: &point)
      sum += try evaluateUpper(at: point, theta: theta).value
    }
    x = point
    return (sum / Double(max(1, steps)), SolveCost(gradients: steps))
  }
}
