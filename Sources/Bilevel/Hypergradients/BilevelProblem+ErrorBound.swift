import NumericalMethods

extension BilevelProblem {
  /// What is known at an approximate solution of the lower level: the constants and the distance ε̂ to the solution.
  public struct LocalKnowledge: Hashable, Sendable {
    /// The constants, which hold on the way from the point to the solution.
    public var constants: SmoothnessConstants

    /// ε̂ ≥ ‖x − x*‖, or nil where μ is not known.
    public var accuracy: Double?
  }

  /// The constants of the family at θ, and the distance that they leave between an inner solution and the exact one.
  public func declaredKnowledge(at theta: [Double], solution: InnerSolution) -> LocalKnowledge {
    let constants = lower.constants(at: theta)
    return LocalKnowledge(constants: constants, accuracy: constants.strongConvexity.map { solution.gradientNorm / $0 })
  }

  /// Constants sharpened by the eigenvalues of the Hessian at an inner solution: μ_eff = λ_min(H(x)) − L_H·ε̂.
  ///
  /// μ_eff holds between x and the solution, so ε̂ shrinks with it and μ_eff grows in turn; three rounds are taken. The
  /// declared constants come back where L_H or μ is not known or the eigenvalues tell no more.
  /// - Parameters:
  ///   - theta: d numbers.
  ///   - solution: an inner solution.
  ///   - largestOrder: with more variables nothing is computed.
  /// - Throws: `notFinite`.
  /// - Complexity: the Hessian (p products where the family has none whole) and 4p³/3.
  public func sharpenedKnowledge(
    at theta: [Double], solution: InnerSolution, largestOrder: Int = 500
  ) throws(BilevelError) -> LocalKnowledge {
    var knowledge = declaredKnowledge(at: theta, solution: solution)
    guard lower.variableCount <= largestOrder, let lipschitz = knowledge.constants.hessianLipschitz,
      let declared = knowledge.constants.strongConvexity, var accuracy = knowledge.accuracy
    else { return knowledge }
    let hessian = lower.derivatives(at: solution.x, theta: theta).wholeHessian(variables: lower.variableCount)
    let least: Double
    do {
      let values = try hessian.symmetricEigenvalues()
      // Eigenvalues are off by a small multiple of p·ε·‖H‖.
      least = (values.first ?? 0) - 4 * Double(values.count) * .ulpOfOne * (values.last?.magnitude ?? 0)
    } catch {
      throw .notFinite("the Hessian")
    }
    var convexity = declared
    for _ in 0..<3 {
      let sharper = least - lipschitz * accuracy
      guard sharper > convexity else { break }
      convexity = sharper
      accuracy = solution.gradientNorm / convexity
    }
    knowledge.accuracy = accuracy
    knowledge.constants.strongConvexity = convexity
    if convexity > declared {
      let sharper = lipschitz / (convexity * convexity)
      knowledge.constants.inverseHessianLipschitz = min(
        knowledge.constants.inverseHessianLipschitz ?? .infinity, sharper)
    }
    return knowledge
  }

  /// ω ≥ ‖z − ∇f(θ)‖, the error of an implicit hypergradient, or nil where a constant that it needs is not known.
  ///
  /// With ε̂ the distance to the lower solution and δ̂ the residual of the adjoint,
  /// ω = c·ε̂ + (‖J‖/μ)·δ̂ + (L_J·L_g/μ)·ε̂² + Lip(∇θg)·ε̂ where
  /// c = L_g‖J‖/μ + L_{H⁻¹}‖∇g‖‖J‖ + L_J‖∇g‖/μ. A regulariser of θ enters without error.
  /// - Source: Salehi, Mukherjee, Roberts and Ehrhardt, "An adaptively inexact first-order method for bilevel
  ///   optimization", theorem 2.1.
  public func errorBound(of estimate: Hypergradient, at theta: [Double], _ knowledge: LocalKnowledge) -> Double? {
    let constants = knowledge.constants
    guard let epsilon = knowledge.accuracy, let mu = constants.strongConvexity, let cross = estimate.crossNorm,
      let delta = estimate.adjointResidual, let crossLipschitz = constants.crossLipschitz,
      let inverseLipschitz = constants.inverseHessianLipschitz, let upper = upper.gradientLipschitz(at: theta),
      let direct = self.upper.hyperparameterGradientLipschitz(at: theta)
    else { return nil }
    let norm = estimate.upperGradientNorm
    let c = upper * cross / mu + inverseLipschitz * norm * cross + crossLipschitz * norm / mu + direct
    return c * epsilon + cross / mu * delta + crossLipschitz * upper / mu * epsilon * epsilon
  }

  /// An interval that holds f(θ) = g(x*(θ), θ), or nil where L_g or ε̂ is not known.
  ///
  /// g ± (‖∇g‖ε̂ + ½L_gε̂²); for a convex g the lower end needs no quadratic term.
  /// - Source: as above, lemma 3.5.
  public func valueInterval(
    of estimate: Hypergradient, at theta: [Double], _ knowledge: LocalKnowledge
  ) -> ClosedRange<Double>? {
    guard let epsilon = knowledge.accuracy, let lipschitz = upper.gradientLipschitz(at: theta) else { return nil }
    let (linear, quadratic) = (estimate.upperGradientNorm * epsilon, lipschitz / 2 * epsilon * epsilon)
    let low = estimate.value - linear - (upper.isConvex ? 0 : quadratic)
    let high = estimate.value + linear + quadratic
    return low <= high ? low...high : nil
  }
}
