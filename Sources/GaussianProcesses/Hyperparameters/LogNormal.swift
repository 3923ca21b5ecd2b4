import Foundation
import NumericalMethods

/// A positive number whose logarithm is normal.
public struct LogNormal: Hashable, Sendable {
  /// Mean and standard deviation of the logarithm.
  public var location, scale: Double

  /// Creates the distribution.
  public init(_ location: Double, _ scale: Double) {
    self.location = location
    self.scale = scale
  }

  /// The logarithm of the most probable number (of the density over the number itself, not its logarithm).
  public var logMode: Double { location - scale * scale }

  /// The log density at e^t over the number, up to a constant, and its derivative by t.
  public func logDensity(atLog t: Double) -> (value: Double, slope: Double) {
    let z = (t - location) / scale
    return (-t - z * z / 2, -1 - z / scale)
  }

  /// The log density of the logarithm t, up to a constant, and its derivative by t; highest at the median.
  public func logDensityOfLog(_ t: Double) -> (value: Double, slope: Double) {
    let z = (t - location) / scale
    return (-z * z / 2, -z / scale)
  }

  /// The logarithm of a random number.
  public func drawLog(using random: inout some RandomNumberGenerator) -> Double {
    location + scale * StandardNormal.sample(using: &random)
  }
}
