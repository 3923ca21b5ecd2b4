import Foundation
import NumericalMethods

/// Logarithm of the expected improvement upon the incumbent, accurate far below it.
///
/// With u = (incumbent − mean)/σ and h(u) = φ(u) + u·Φ(u) the expected improvement is σ·h(u). Three branches keep ln h and
/// the ratios φ/h and Φ/h of its gradient accurate:
///
/// | u | ln h | φ/h | Φ/h |
/// |---|---|---|---|
/// | > −1 | ln(φ + uΦ) | as written | as written |
/// | −1000 … −1 | ln φ + ln(1 − r) | 1/(1 − r) | M/(1 − r) |
/// | ≤ −1000 | ln φ − 2·ln\|u\| + ln(1 − 3/u²) | u² + 3 | \|u\| + 2/\|u\| |
///
/// where M = Φ/φ = √(π/2)·erfcx(−u/√2) and r = \|u\|·M.
/// - Source: Ament, Daulton, Eriksson, Balandat, Bakshy 2023, "Unexpected improvements to expected improvement for Bayesian
///   optimization", eq. 9 and appendix A, <https://arxiv.org/abs/2310.20708>; the switch at −1000 and its last term are ours.
public struct LogExpectedImprovement: Acquisition {
  /// Creates the acquisition; it has no parameters.
  public init() {}

  private static let halfLog2Pi = 0.5 * log(2 * Double.pi)

  /// The log expected improvement; finite while \|u\| < 1e150.
  public func evaluate(mean: Double, deviation: Double, incumbent: Double) -> AcquisitionValue {
    let u = (incumbent - mean) / deviation
    let (logH, densityRatio, distributionRatio) = Self.logH(u)
    // d ln EI = (−Φ dμ + φ dσ)/(σ h).
    return AcquisitionValue(
      log(deviation) + logH, byMean: -distributionRatio / deviation, byDeviation: densityRatio / deviation)
  }

  /// The values ln h, φ/h and Φ/h.
  private static func logH(_ u: Double) -> (logH: Double, densityRatio: Double, distributionRatio: Double) {
    if u > -1 {
      let density = exp(-u * u / 2 - halfLog2Pi)
      let distribution = StandardNormal.cdf(u)
      let h = density + u * distribution
      return (log(h), density / h, distribution / h)
    }
    let size = -u
    let logDensity = -u * u / 2 - halfLog2Pi
    guard u > -1_000 else {
      return (
        logDensity - 2 * log(size) + log1p(-3 / (u * u)), u * u + 3, size + 2 / size
      )
    }
    let mills = (Double.pi / 2).squareRoot() * erfcx(size / 2.0.squareRoot())
    let rest = 1 - size * mills
    return (logDensity + log(rest), 1 / rest, mills / rest)
  }
}
