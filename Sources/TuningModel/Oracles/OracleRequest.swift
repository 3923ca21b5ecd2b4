/// What a trial asks of an oracle: an evaluation of the loss, of its gradient or of a part of training, to some accuracy.
///
/// The point is the trial's parameters. Accuracies are distances in the inner variables: `eps` of the inner solution from
/// the exact one, `delta` the residual of the linear system behind the gradient.
/// - Source: Salehi, Mukherjee, Roberts, Ehrhardt 2023, "An adaptively inexact first-order method for bilevel
///   optimization with application to hyperparameter learning".
public struct OracleRequest: Hashable, Sendable, Codable {
  /// What sort of evaluation it is.
  public var kind: Kind
  /// How far the inner solution may be from the exact one; `nil` where no accuracy is asked for.
  public var eps: Double?
  /// The residual that the linear system may be left with; `nil` where there is none to solve.
  public var delta: Double?
  /// The completed trial whose inner solution is a good one to start from.
  public var warmFrom: TrialNumber?
  /// What the answer has to have.
  public var needs: [Need]
  /// The steps of a fully first-order method; of the kind `f2sa`.
  public var penaltySteps: PenaltySteps?
  /// The unrolled steps that mix both levels; of the kind `bda`.
  public var mixedSteps: MixedSteps?
  /// The part of an episode that a particle is to run; of the kind `es`.
  public var unroll: ParticleUnroll?
  /// The steps of a network that responds to its hyperparameters; of the kind `stn`.
  public var turn: SelfTuningTurn?

  /// What sort of evaluation an oracle is asked for.
  public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    /// The loss and its gradient at an approximate inner solution.
    case hypergradient
    /// The loss at an approximate inner solution.
    case value
    /// Steps of two copies of the inner variables, and the difference of their gradients.
    case f2sa
    /// Unrolled steps that mix the gradients of both levels, and the gradient through them.
    case bda
    /// The mean loss over a few steps of one particle's training.
    case es
    /// Steps of a network whose weights respond to its hyperparameters, and how the validation loss responds.
    case stn
  }

  /// A field of an answer that has to be there.
  public enum Need: String, Hashable, Sendable, Codable, CaseIterable {
    case g, z
    case gradGNorm = "grad_g_norm"
    case zBefore = "z_before"
    case zSigma = "z_sigma"
    case epsHat = "eps_hat"
    case deltaHat = "delta_hat"
  }

  /// Creates a request.
  public init(
    _ kind: Kind, eps: Double? = nil, delta: Double? = nil, warmFrom: TrialNumber? = nil, needs: [Need],
    penaltySteps: PenaltySteps? = nil, mixedSteps: MixedSteps? = nil, unroll: ParticleUnroll? = nil,
    turn: SelfTuningTurn? = nil
  ) {
    self.kind = kind
    self.eps = eps
    self.delta = delta
    self.warmFrom = warmFrom
    self.needs = needs
    self.penaltySteps = penaltySteps
    self.mixedSteps = mixedSteps
    self.unroll = unroll
    self.turn = turn
  }
}

/// Steps of a fully first-order method: of z along −γ∇h, and of y along −α(∇g + λ∇h).
///
/// - Source: Kwon, Kwon, Wright, Nowak 2023, "A fully first-order method for stochastic bilevel optimization".
public struct PenaltySteps: Hashable, Sendable, Codable {
  /// The multiplier λ of the inner loss.
  public var lambda: Double
  /// The step length α of y.
  public var alpha: Double
  /// The step length γ of z.
  public var gamma: Double
  /// The number of steps of each.
  public var steps: Int

  /// Creates steps.
  public init(lambda: Double, alpha: Double, gamma: Double, steps: Int) {
    (self.lambda, self.alpha, self.gamma, self.steps) = (lambda, alpha, gamma, steps)
  }
}

/// Inner steps along (1 − a)∇h + a·dⁱ⁻¹∇g, each with the step length of its own level, unrolled for the gradient.
///
/// - Source: Liu, Mu, Yuan, Zeng, Zhang 2020, "A generic first-order algorithmic framework for bi-level programming beyond
///   lower-level singleton".
public struct MixedSteps: Hashable, Sendable, Codable {
  /// The number of steps.
  public var steps: Int
  /// The weight a of the outer loss, from 0 to 1.
  public var mixing: Double
  /// The factor d by which the outer loss weighs less with each step.
  public var decay: Double

  /// Creates steps.
  public init(steps: Int, mixing: Double, decay: Double) {
    (self.steps, self.mixing, self.decay) = (steps, mixing, decay)
  }
}

/// A part of the training of one particle, whose state the client keeps.
///
/// - Source: Vicol, Metz, Sohl-Dickstein 2021, "Unbiased gradient estimation in unrolled computation graphs with persistent
///   evolution strategies".
public struct ParticleUnroll: Hashable, Sendable, Codable {
  /// The particle, counted from 0.
  public var particle: Int
  /// The particle with the opposite perturbation, which runs on the same data.
  public var twin: Int
  /// The seed of the perturbation and of the data, the same for both twins; below 2^53.
  public var seed: UInt64
  /// Which part of the episode it is, counted from 0.
  public var unroll: Int
  /// The number of inner steps.
  public var steps: Int
  /// Whether the particle begins anew.
  public var reset: Bool
  /// The standard deviation of the perturbation.
  public var sigma: Double

  /// Creates a part.
  public init(particle: Int, twin: Int, seed: UInt64, unroll: Int, steps: Int, reset: Bool, sigma: Double) {
    self.particle = particle
    self.twin = twin
    self.seed = seed
    self.unroll = unroll
    self.steps = steps
    self.reset = reset
    self.sigma = sigma
  }
}
