import Foundation

/// Shrinks differences the more, the farther values are from the best.
///
/// With r = (y − best)/(worst − best): ln(1 + r/2)/ln 1.5. The slope falls from 1.23 at the best value to 0.82 at the worst.
/// - Source: Song et al. 2024, "The Vizier Gaussian process bandit algorithm", appendix B (log warping).
struct LogarithmOfDistance: MonotoneStep {
  let best, range: Double

  /// The step for these values, or `nil` where they do not differ.
  init?(_ values: [Double]) {
    guard let best = values.min(), let worst = values.max(), worst > best else { return nil }
    self.best = best
    range = worst - best
  }

  func apply(_ value: Double) -> Double { log1p((value - best) / range / 2) / log(1.5) }

  func invert(_ image: Double) -> Double { best + 2 * range * expm1(image * log(1.5)) }
}
