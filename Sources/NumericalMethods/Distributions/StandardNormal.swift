import Foundation

/// The normal distribution with mean 0 and variance 1.
public enum StandardNormal {
  /// ½·ln 2π, the constant of the log density.
  static let halfLogTwoPi = 0.9189385332046727418

  /// The density φ(x).
  public static func pdf(_ x: Double) -> Double { exp(logPDF(x)) }

  /// The logarithm of the density; -∞ beyond ±1.9e154.
  public static func logPDF(_ x: Double) -> Double { -0.5 * x * x - halfLogTwoPi }

  /// The probability Φ(x) of a value up to x.
  ///
  /// Relative error below 1e-12 down to x = -37.5, where Φ leaves the normal range of doubles.
  public static func cdf(_ x: Double) -> Double { 0.5 * erfc(-x * 0.5.squareRoot()) }

  /// ln Φ(x), accurate in both tails; -∞ below -1.9e154.
  public static func logCDF(_ x: Double) -> Double {
    if x > 0 { return log1p(-cdf(-x)) }
    if x > -1 { return log(cdf(x)) }
    return -0.5 * x * x + log(0.5 * erfcx(-x * 0.5.squareRoot()))
  }

  /// φ(x)/Φ(x), the derivative of ln Φ(x), accurate in both tails; about -x far below zero.
  public static func logCDFDerivative(_ x: Double) -> Double {
    x > 0 ? pdf(x) / cdf(x) : (2 / Double.pi).squareRoot() / erfcx(-x * 0.5.squareRoot())
  }

  /// A draw that uses exactly one output of the generator.
  ///
  /// Inverts one uniform of 53 bits, so magnitudes end at 8.3; draws are symmetric about zero bit for bit.
  public static func sample(using generator: inout some RandomNumberGenerator) -> Double {
    quantile(ofFraction: generator.next() >> 11)
  }

  /// Independent draws, one output of the generator each.
  public static func samples(_ count: Int, using generator: inout some RandomNumberGenerator) -> [Double] {
    (0..<count).map { _ in sample(using: &generator) }
  }

  /// The value below which the fraction (k + ½)/2⁵³ of the probability lies, for k < 2⁵³.
  static func quantile(ofFraction k: UInt64) -> Double {
    // k + ½ is exact in the lower half only, so the upper half is its mirror image.
    let isLower = k < 1 << 52
    let mirrored = isLower ? k : (1 << 53) - 1 - k
    let magnitude = inverseCDF((Double(mirrored) + 0.5) * 0x1p-53)
    return isLower ? magnitude : -magnitude
  }
}
