import Foundation

/// What is believed of hyperparameters before any data, and the bounds they are fitted in.
public struct HyperparameterPrior: Hashable, Sendable {
  /// The prior of each lengthscale, [d].
  public var lengthscales: [LogNormal]
  /// The prior of the signal variance, for targets of variance 1.
  public var signalVariance: LogNormal
  /// The prior of the noise variance, for targets of variance 1.
  public var noiseVariance: LogNormal
  /// The prior of every shape of an input warping, whose density is taken over the logarithm: so the most probable warping
  /// before any data is none.
  public var warpingShape: LogNormal
  /// The number of dimensions d.
  public var dimension: Int
  /// The number of dimensions that an input warping warps; 0 without one.
  public var warpedDimensions: Int
  /// What is known of the noise.
  public var noise: NoiseModel

  /// The bounds of the logarithms.
  public var logLengthscaleBounds = log(0.005)...log(1e3)
  /// The bounds of ln σ².
  public var logSignalVarianceBounds = log(1e-3)...log(1e3)
  /// The upper bound of ln σ_n²; the lower one is the noise's floor.
  public var logNoiseVarianceLimit = log(10.0)
  /// The bounds of the logarithms of an input warping's shapes.
  public var logWarpingShapeBounds = log(0.1)...log(10.0)

  /// The dimension-scaled prior for inputs in the unit cube and standardised targets.
  ///
  /// ℓ ~ LogNormal(√2 + ½·ln d, √3) for d numeric dimensions, so that typical distances stay typical when d grows. Of
  /// categorical ones `categoricalLengthscale`; σ² ~ LogNormal(0, 1);
  /// σ_n² ~ LogNormal(−4, 2): twice as wide as usual, so that objectives without noise are recognised within some ten
  /// observations.
  /// - Source: Hvarfner, Hellsten, Nardi 2024, "Vanilla Bayesian optimization performs great in high dimensions", section 4
  ///   (lengthscales); the signal variance is kept free. Shapes of an input warping ~ LogNormal(0, √0.75) as in BoTorch.
  /// - Parameters:
  ///   - dimension: the number of all dimensions.
  ///   - categorical: those of them without order.
  ///   - warpedDimensions: the number of dimensions that an input warping warps.
  public init(
    dimension: Int, categorical: [Int] = [], noise: NoiseModel = .learned(floor: 1e-6), warpedDimensions: Int = 0
  ) {
    self.dimension = dimension
    self.warpedDimensions = warpedDimensions
    self.noise = noise
    let numericCount = max(dimension - categorical.count, 1)
    lengthscales = Array(
      repeating: LogNormal(2.0.squareRoot() + log(Double(numericCount)) / 2, 3.0.squareRoot()), count: dimension)
    for index in categorical { lengthscales[index] = Self.categoricalLengthscale }
    signalVariance = LogNormal(0, 1)
    noiseVariance = LogNormal(-4, 2)
    warpingShape = LogNormal(0, 0.75.squareRoot())
  }

  /// The prior of a categorical dimension's lengthscale: LogNormal(ln 4 + 1, 1), whose mode is 4.
  ///
  /// Another choice then correlates by .95 with the same point, until data say otherwise. Under the prior of numeric
  /// dimensions, most probable near ½, choices would have next to nothing to do with each other, and a search would stay
  /// with the one that it found first.
  public static let categoricalLengthscale = LogNormal(log(4) + 1, 1)

  /// The most probable hyperparameters before any data, within the bounds.
  public var mode: Hyperparameters {
    clamped(
      Hyperparameters(
        logLengthscales: lengthscales.map(\.logMode),
        logSignalVariance: signalVariance.logMode, logNoiseVariance: noiseVariance.logMode,
        logWarpingShapes: Array(repeating: warpingShape.location, count: 2 * warpedDimensions)))
  }

  /// Random hyperparameters from the prior, moved into the bounds.
  public func draw(using random: inout some RandomNumberGenerator) -> Hyperparameters {
    clamped(
      Hyperparameters(
        logLengthscales: lengthscales.map { $0.drawLog(using: &random) },
        logSignalVariance: signalVariance.drawLog(using: &random),
        logNoiseVariance: noiseVariance.drawLog(using: &random),
        logWarpingShapes: (0..<2 * warpedDimensions).map { _ in warpingShape.drawLog(using: &random) }))
  }

  /// The log density, up to a constant, and its gradient by θ.
  public func logDensity(_ hyperparameters: Hyperparameters) -> (value: Double, gradient: [Double]) {
    var value = 0.0
    var gradient: [Double] = []
    func add(_ term: (value: Double, slope: Double)) {
      value += term.value
      gradient.append(term.slope)
    }
    for (prior, t) in zip(lengthscales, hyperparameters.logLengthscales) { add(prior.logDensity(atLog: t)) }
    add(signalVariance.logDensity(atLog: hyperparameters.logSignalVariance))
    for t in hyperparameters.logWarpingShapes { add(warpingShape.logDensityOfLog(t)) }
    if case .learned = noise {
      add(noiseVariance.logDensity(atLog: hyperparameters.logNoiseVariance))
    } else {
      gradient.append(0)
    }
    return (value, gradient)
  }

  /// The bounds of θ; a fixed noise has equal ones.
  public var bounds: (lower: [Double], upper: [Double]) {
    let (noiseFloor, noiseLimit) =
      switch noise {
      case .learned(let floor): (log(floor), max(log(floor), logNoiseVarianceLimit))
      case .fixed(let variance): (log(variance), log(variance))
      }
    return (
      Array(repeating: logLengthscaleBounds.lowerBound, count: dimension)
        + [logSignalVarianceBounds.lowerBound]
        + Array(repeating: logWarpingShapeBounds.lowerBound, count: 2 * warpedDimensions) + [noiseFloor],
      Array(repeating: logLengthscaleBounds.upperBound, count: dimension)
        + [logSignalVarianceBounds.upperBound]
        + Array(repeating: logWarpingShapeBounds.upperBound, count: 2 * warpedDimensions) + [noiseLimit]
    )
  }

  /// The nearest hyperparameters within the bounds.
  ///
  /// Shapes of another number of warped dimensions than this prior's count as none.
  public func clamped(_ hyperparameters: Hyperparameters) -> Hyperparameters {
    let (lower, upper) = bounds
    var hyperparameters = hyperparameters
    if hyperparameters.logWarpingShapes.count != 2 * warpedDimensions {
      hyperparameters.logWarpingShapes = Array(repeating: warpingShape.location, count: 2 * warpedDimensions)
    }
    let vector = hyperparameters.vector
    return Hyperparameters(
      vector: vector.indices.map { min(max(vector[$0], lower[$0]), upper[$0]) }, warpedDimensions: warpedDimensions)
  }
}
