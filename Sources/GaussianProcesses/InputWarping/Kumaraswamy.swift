import Foundation

/// The distribution function of Kumaraswamy, w(x) = 1 − (1 − x^a)^b, as a warping of [0, 1] onto itself.
///
/// With a = b = 1 it is the identity; a > 1 flattens the function near 0, and b > 1 near 1. Numbers of [0, 1] are squeezed
/// into [1e-7, 1 − 1e-7] first, since the slope may be infinite at the ends.
/// - Source: Snoek, Swersky, Zemel, Adams 2014, "Input warping for Bayesian optimization of non-stationary functions",
///   with Kumaraswamy's distribution for the beta distribution; the squeeze is that of BoTorch's Warp.
package struct Kumaraswamy: Hashable, Sendable {
  /// The shapes a and b, positive.
  package let a, b: Double

  private static let margin = 1e-7

  /// Creates the warping from the logarithms of its shapes.
  package init(logA: Double, logB: Double) {
    a = exp(logA)
    b = exp(logB)
  }

  /// The warped number.
  package func value(_ t: Double) -> Double { -expm1(b * log(-expm1(a * log(Self.squeeze(t))))) }

  /// The warped number with its derivatives by the number, by ln a and by ln b.
  package func evaluate(_ t: Double) -> (value: Double, slope: Double, byLogA: Double, byLogB: Double) {
    let x = Self.squeeze(t)
    let logX = log(x)
    let power = exp(a * logX)
    // ln(1 − x^a), which loses nothing where x^a is close to 0 or 1.
    let logRest = log(-expm1(a * logX))
    let byPower = b * exp((b - 1) * logRest)
    let byLogA = byPower * power * a * logX
    return (
      -expm1(b * logRest), byPower * a * power / x * (1 - 2 * Self.margin), byLogA, -b * logRest * exp(b * logRest)
    )
  }

  private static func squeeze(_ t: Double) -> Double {
    min(max(t * (1 - 2 * margin) + margin, margin), 1 - margin)
  }
}
