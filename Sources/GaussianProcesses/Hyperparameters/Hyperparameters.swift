import Foundation

/// The numbers that a Gaussian process is fitted by, all in log space.
public struct Hyperparameters: Hashable, Sendable {
  /// ln ℓ_j, one per dimension, in units of the coordinates.
  public var logLengthscales: [Double]
  /// ln σ², in squared units of the targets.
  public var logSignalVariance: Double
  /// ln σ_n², in squared units of the targets.
  public var logNoiseVariance: Double
  /// The shapes of the input warping, (ln a_1 … ln a_m, ln b_1 … ln b_m) for m numeric dimensions; empty without one.
  public var logWarpingShapes: [Double]

  /// Creates hyperparameters from logarithms.
  public init(
    logLengthscales: [Double], logSignalVariance: Double, logNoiseVariance: Double, logWarpingShapes: [Double] = []
  ) {
    self.logLengthscales = logLengthscales
    self.logSignalVariance = logSignalVariance
    self.logNoiseVariance = logNoiseVariance
    self.logWarpingShapes = logWarpingShapes
  }

  /// Creates hyperparameters from their values, which are positive.
  public init(lengthscales: [Double], signalVariance: Double, noiseVariance: Double) {
    self.init(
      logLengthscales: lengthscales.map(log), logSignalVariance: log(signalVariance),
      logNoiseVariance: log(noiseVariance))
  }

  /// The vector θ = (ln ℓ_1 … ln ℓ_d, ln σ², shapes of the input warping, ln σ_n²).
  public var vector: [Double] { logLengthscales + [logSignalVariance] + logWarpingShapes + [logNoiseVariance] }

  /// Reads the vector θ of d + 2 + 2m numbers.
  ///
  /// - Parameter warpedDimensions: the number m of dimensions that are warped.
  public init(vector: [Double], warpedDimensions: Int = 0) {
    let d = vector.count - 2 - 2 * warpedDimensions
    precondition(d >= 0, "Signal and noise variance are always there")
    self.init(
      logLengthscales: Array(vector[..<d]), logSignalVariance: vector[d],
      logNoiseVariance: vector[vector.count - 1], logWarpingShapes: Array(vector[(d + 1)...].dropLast()))
  }
}

extension Hyperparameters {
  /// The lengthscale ℓ_j, in units of the coordinates.
  public func lengthscale(_ dimension: Int) -> Double { exp(logLengthscales[dimension]) }
}
