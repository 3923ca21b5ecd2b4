import Foundation

/// The numbers that a Gaussian process is fitted by, all in log space.
public struct Hyperparameters: Hashable, Sendable {
  /// ln ℓ_j, one per dimension, in units of the coordinates.
  public var logLengthscales: [Double]
  /// ln σ², in squared units of the targets.
  public var logSignalVariance: Double
  /// ln σ_n², in squared units of the targets.
  public var logNoiseVariance: Double

  /// Creates hyperparameters from logarithms.
  public init(logLengthscales: [Double], logSignalVariance: Double, logNoiseVariance: Double) {
    self.logLengthscales = logLengthscales
    self.logSignalVariance = logSignalVariance
    self.logNoiseVariance = logNoiseVariance
  }

  /// Creates hyperparameters from their values, which are positive.
  public init(lengthscales: [Double], signalVariance: Double, noiseVariance: Double) {
    self.init(
      logLengthscales: lengthscales.map(log), logSignalVariance: log(signalVariance),
      logNoiseVariance: log(noiseVariance))
  }

  /// The vector θ = (ln ℓ_1 … ln ℓ_d, ln σ², ln σ_n²).
  public var vector: [Double] { logLengthscales + [logSignalVariance, logNoiseVariance] }

  /// Reads the vector θ of d + 2 numbers.
  public init(vector: [Double]) {
    precondition(vector.count >= 2, "Signal and noise variance are always there")
    self.init(
      logLengthscales: Array(vector.dropLast(2)), logSignalVariance: vector[vector.count - 2],
      logNoiseVariance: vector[vector.count - 1])
  }
}

extension Hyperparameters {
  /// The lengthscale ℓ_j, in units of the coordinates.
  public func lengthscale(_ dimension: Int) -> Double { exp(logLengthscales[dimension]) }
}
