import NumericalMethods

/// Where the hyperparameters of a fit come from.
public enum FitOrigin: String, Hashable, Sendable, CaseIterable {
  /// Ascent from the hyperparameters of an earlier fit.
  case previous
  /// Ascent from the prior's mode.
  case priorMode = "prior_mode"
  /// Ascent from a draw of the prior.
  case priorDraw = "prior_draw"
  /// Ascent from the optimum for some of the observations.
  case subset
  /// No ascent succeeded: the hyperparameters of an earlier fit, as they were.
  case unfittedPrevious = "unfitted_previous"
  /// No ascent succeeded: the prior's mode.
  case unfittedPriorMode = "unfitted_prior_mode"
}

/// Hyperparameters that were fitted to observations.
public struct HyperparameterFit: Hashable, Sendable {
  /// The hyperparameters, within the prior's bounds.
  public var hyperparameters: Hyperparameters
  /// Where they come from.
  public var origin: FitOrigin
  /// Log marginal likelihood plus log prior, up to a constant; `nil` where it could not be computed.
  public var logPosterior: Double?
  /// How often the log posterior was computed.
  public var evaluations: Int
}

/// How hyperparameters are fitted.
public struct FitSettings: Hashable, Sendable {
  /// The number of starts drawn from the prior.
  public var priorDraws = 2
  /// With more observations there is one start alone, the previous optimum, or else the optimum for so many of them: much
  /// data leave one peak, and an ascent costs n³ at every step.
  public var severalStartsLimit = 200
  /// Whether, with more observations, the optimum for some of them is a start beside the previous one.
  public var startsFromSubset = false
  /// The largest number of iterations from one start.
  public var iterationLimit = 100
  /// Ascent ends where no derivative by a log hyperparameter exceeds this, in nats.
  public var gradientTolerance = 1e-2
  /// Ascent ends where an iteration gains less than this part of the log posterior.
  public var valueTolerance = 1e-6

  /// Creates the settings in use unless told otherwise.
  public init() {}
}

extension MarginalLikelihood {
  /// The most probable hyperparameters given the observations (maximum a posteriori).
  ///
  /// Bounded L-BFGS on the log hyperparameters from several starts: the previous optimum, the prior's mode, draws from
  /// the prior; from fewer where there are many observations. Never fails: where no start can be evaluated, the previous
  /// hyperparameters or the prior's mode come back as they are, and `origin` says so.
  ///
  /// - Parameters:
  ///   - prior: the prior, with bounds and noise.
  ///   - previous: the optimum of an earlier fit to start from.
  ///   - settings: starts and limits.
  ///   - random: draws the starts.
  /// - Complexity: n³ flops per evaluation, some tens of evaluations per start.
  public func fit(
    prior: HyperparameterPrior, from previous: Hyperparameters? = nil, settings: FitSettings = FitSettings(),
    using random: inout some RandomNumberGenerator
  ) -> HyperparameterFit {
    var starts: [(FitOrigin, Hyperparameters)] = []
    if let previous, previous.logLengthscales.count == prior.dimension, previous.vector.allSatisfy(\.isFinite) {
      starts.append((.previous, prior.clamped(previous)))
    }
    if observations.count <= settings.severalStartsLimit {
      starts.append((.priorMode, prior.mode))
      for _ in 0..<settings.priorDraws { starts.append((.priorDraw, prior.draw(using: &random))) }
    } else if settings.severalStartsLimit > 0, starts.isEmpty || settings.startsFromSubset {
      let some = MarginalLikelihood(
        observations.spread(settings.severalStartsLimit), kernel: kernel, mean: mean, noise: noise)
      starts.append((.subset, some.fit(prior: prior, settings: settings, using: &random).hyperparameters))
    }
    if starts.isEmpty { starts.append((.priorMode, prior.mode)) }

    let (lower, upper) = prior.bounds
    let minimiser = BoundedLBFGS(
      bounds: BoxBounds(lower: lower, upper: upper),
      options: BoundedLBFGS.Options(
        maximumIterations: settings.iterationLimit, maximumEvaluations: 2 * settings.iterationLimit,
        gradientTolerance: settings.gradientTolerance, valueTolerance: settings.valueTolerance))
    var best: HyperparameterFit?
    var evaluations = 0
    for (origin, start) in starts {
      let result = minimiser.minimise(from: start.vector) { vector, gradient in
        let hyperparameters = Hyperparameters(vector: vector, warpedDimensions: prior.warpedDimensions)
        // Where the covariance matrix cannot be factored there is no value, and the search shortens its step.
        guard let likelihood = try? evaluate(hyperparameters) else { return .infinity }
        let density = prior.logDensity(hyperparameters)
        for index in gradient.indices { gradient[index] = -likelihood.gradient[index] - density.gradient[index] }
        return -likelihood.value - density.value
      }
      evaluations += result.evaluations
      guard result.value.isFinite else { continue }
      // A later start has to win by more than rounding, so that ties go to the earlier one.
      if let best, let value = best.logPosterior, -result.value <= value + 1e-6 { continue }
      best = HyperparameterFit(
        hyperparameters: Hyperparameters(vector: result.point, warpedDimensions: prior.warpedDimensions),
        origin: origin, logPosterior: -result.value, evaluations: 0)
    }
    var fit =
      best
      ?? HyperparameterFit(
        hyperparameters: starts[0].0 == .previous ? starts[0].1 : prior.mode,
        origin: starts[0].0 == .previous ? .unfittedPrevious : .unfittedPriorMode,
        logPosterior: nil, evaluations: 0)
    fit.evaluations = evaluations
    return fit
  }
}
