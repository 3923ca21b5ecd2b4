import TuningModel

/// What a study declares of its two losses, and what follows from it for an oracle's answers.
///
/// - Source: Salehi, Mukherjee, Roberts, Ehrhardt 2023, "An adaptively inexact first-order method for bilevel optimization
///   with application to hyperparameter learning", theorem 2.1 and lemma 3.5.
struct LossConstants: Sendable {
  /// The Lipschitz constant of the outer loss's gradient in the inner variables.
  let lipschitzG: Double?
  /// Whether the outer loss is convex in the inner variables.
  let isConvex: Bool
  /// What the outer loss does not fall below.
  let lowerBound: Double
  /// The constant of strong convexity of the inner loss.
  let mu: Double?
  /// A bound of the norm of the mixed derivatives of the inner loss.
  let jacobianNorm: Double?
  /// The Lipschitz constants of the mixed derivatives, and of the inverse Hessian.
  let lipschitzJacobian, lipschitzInverse: Double?

  static let options: [TunerOption] = [
    TunerOption(
      "L_g", .number(0...1e300), default: .null,
      "The Lipschitz constant of the outer loss's gradient in the inner variables; for intervals that hold."),
    TunerOption("g_convex", .flag, default: false, "Whether the outer loss is convex in the inner variables."),
    TunerOption("lower_bound_g", .number(-1e300...1e300), default: .null, "What the outer loss does not fall below."),
    TunerOption(
      "mu", .number(1e-300...1e300), default: .null,
      "The constant of strong convexity of the inner loss; an answer's own comes first."),
    TunerOption(
      "J_norm", .number(0...1e300), default: .null, "A bound of the norm of the inner loss's mixed derivatives."),
    TunerOption("L_J", .number(0...1e300), default: .null, "The Lipschitz constant of the mixed derivatives."),
    TunerOption(
      "L_Hinv", .number(0...1e300), default: .null, "The Lipschitz constant of the inverse of the inner Hessian."),
  ]

  init(_ options: OptionReader) {
    lipschitzG = options.number("L_g")
    isConvex = options.flag("g_convex")
    lowerBound = options.number("lower_bound_g") ?? -.infinity
    mu = options.number("mu")
    jacobianNorm = options.number("J_norm")
    lipschitzJacobian = options.number("L_J")
    lipschitzInverse = options.number("L_Hinv")
  }

  /// What is known of a problem whose oracle tells μ and the gradient's error itself.
  init(upperLevel loss: any UpperLevelLoss) {
    lipschitzG = loss.greatestGradientLipschitz
    isConvex = loss.isConvex
    lowerBound = -.infinity
    (mu, jacobianNorm, lipschitzJacobian, lipschitzInverse) = (nil, nil, nil, nil)
  }

  /// A bound of the gradient's error: the oracle's own, else the one that the constants give; `nil` where one is missing.
  func gradientError(of answer: OracleAnswer, to request: OracleRequest) -> Double? {
    if let omega = answer.omega { return omega }
    guard let lipschitzG, let mu = answer.mu ?? mu, let jacobianNorm, let lipschitzJacobian, let lipschitzInverse,
      let gradient = answer.gradGNorm, let delta = answer.deltaHat ?? request.delta
    else { return nil }
    let eps = answer.epsHat ?? request.eps ?? 0
    let c =
      lipschitzG * jacobianNorm / mu + lipschitzInverse * gradient * jacobianNorm + lipschitzJacobian * gradient / mu
    return c * eps + jacobianNorm / mu * delta + lipschitzJacobian * lipschitzG / mu * eps * eps
  }

  /// Where the objective lies, given how far the inner solution may be from the exact one.
  ///
  /// Without the Lipschitz constant the quadratic term is left out, and the interval is called heuristic.
  func interval(of answer: OracleAnswer, to request: OracleRequest) -> ObjectiveInterval {
    let eps = answer.epsHat ?? request.eps ?? 0
    let linear = (answer.gradGNorm ?? 0) * eps
    let quadratic = 0.5 * (lipschitzG ?? 0) * eps * eps
    let low = max(answer.g - linear - (isConvex ? 0 : quadratic), min(lowerBound, answer.g))
    return ObjectiveInterval(
      low: low, up: answer.g + linear + quadratic, certification: certification(of: answer, to: request))
  }

  private func certification(
    of answer: OracleAnswer, to request: OracleRequest
  ) -> ObjectiveInterval.Certification {
    guard lipschitzG != nil, answer.mu ?? mu != nil, answer.gradGNorm != nil else { return .heuristic }
    return gradientError(of: answer, to: request) == nil ? .monotone : .certified
  }
}
