import Foundation

/// How the coefficient κ = √β of a confidence bound grows with the number of trials t.
///
/// | schedule | β |
/// |---|---|
/// | `fixed` | κ² of the user's κ |
/// | `srinivas` | 2·ln(2π²t²/(3δ)) + 2d·ln(t²·d·√ln(4d/δ)), δ = 0.01 |
/// | `smac` | 2·ln(d·t²) |
/// | `hebo` | (2 + d/2)·ln t + ln(π²/δ), δ = 0.01 |
///
/// d is the number of coordinates. The schedules that come with guarantees explore far more than pays in practice.
/// - Source: Srinivas et al. 2010, theorem 2 with a = b = 1 and the unit cube (r = 1); SMAC3's `LCB`; HEBO's `MACE`
///   (υ = ½).
public enum ConfidenceSchedule: String, CaseIterable, Sendable {
  case fixed
  case srinivas
  case smac
  case hebo

  /// The coefficient κ.
  ///
  /// - Parameters:
  ///   - fixed: what `fixed` gives.
  ///   - trials: t; less than 1 counts as 1.
  ///   - dimensions: d; less than 1 counts as 1.
  public func coefficient(fixed: Double, trials: Int, dimensions: Int) -> Double {
    let (t, d) = (Double(max(trials, 1)), Double(max(dimensions, 1)))
    let delta = 0.01
    switch self {
    case .fixed: return fixed
    case .srinivas:
      let confidence = 2 * log(2 * Double.pi * Double.pi * t * t / (3 * delta))
      return (confidence + 2 * d * log(t * t * d * log(4 * d / delta).squareRoot())).squareRoot()
    case .smac: return (2 * log(d * t * t)).squareRoot()
    case .hebo: return ((2 + d / 2) * log(t) + log(Double.pi * Double.pi / delta)).squareRoot()
    }
  }
}
