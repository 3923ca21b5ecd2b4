import Foundation

/// An acquisition times the part of a measurement's information that is signal rather than noise.
///
/// Adds ln(1 − σ_n/√(σ² + σ_n²)), σ_n the noise's standard deviation: where the function is known better than it can be
/// measured, measuring again is worth little, and without noise nothing changes. Meant for logarithms of what is
/// expected of a measurement; confidence bounds and posterior means are no such thing.
/// - Source: Huang, Allen, Notz, Zeng 2006, "Global optimization of stochastic black-box systems via sequential kriging
///   meta-models", eq. 12 (augmented expected improvement).
package struct ResamplingDiscount: Acquisition {
  package let base: any Acquisition
  /// σ_n, in units of the targets.
  package let noiseDeviation: Double

  package init(base: any Acquisition, noiseDeviation: Double) {
    self.base = base
    self.noiseDeviation = noiseDeviation
  }

  package func evaluate(mean: Double, deviation: Double, incumbent: Double) -> AcquisitionValue {
    var result = base.evaluate(mean: mean, deviation: deviation, incumbent: incumbent)
    guard noiseDeviation > 0 else { return result }
    // With r = σ²/σ_n² and t = √(1 + r): 1 − 1/t = r/(t² + t), which loses nothing where r is small.
    let ratio = deviation / noiseDeviation
    let r = ratio * ratio
    let t = (1 + r).squareRoot()
    result.value += 2 * log(ratio) - log(t * t + t)
    // d/dσ: 2/σ − (2t + 1)·t′/(t² + t) with t′ = r/(t·σ).
    result.byDeviation += (2 - (2 * t + 1) * r / (t * t * (t + 1))) / deviation
    return result
  }
}
