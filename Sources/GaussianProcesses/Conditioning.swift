import Foundation
import NumericalMethods

/// The solved system behind a Gaussian process: C = K + diag(noise) = L·Lᵀ and α = C⁻¹(y − m).
///
/// | symbol | meaning | shape |
/// |---|---|---|
/// | C | covariance of the observations, noise included | [n, n] |
/// | L | `factor` | [n, n] |
/// | α | `weights` | [n] |
/// | y | `targets`, or what a mean function leaves over of them | [n] |
/// | m | `mean`; 0 with a mean function | 1 |
struct Conditioning: Sendable {
  let factor: CholeskyFactor
  let weights: [Double]
  let mean: Double
  /// (y − m)ᵀα.
  let quadraticForm: Double
  /// ln p(y) = −½ (y − m)ᵀα − ½ ln|C| − n/2·ln 2π.
  let logMarginalLikelihood: Double

  /// Conditions on targets.
  ///
  /// - Parameter covariance: makes K, [n, n], lower triangle read; once more for each amount of jitter that is tried.
  /// - Complexity: n³/3 flops.
  init(
    noiseVariances: [Double], targets: [Double], mean: PriorMean, covariance: () -> Matrix
  ) throws(GaussianProcessError) {
    guard !targets.isEmpty else { throw .noObservations }
    let factor: CholeskyFactor
    do throws(LinearAlgebraError) {
      factor = try CholeskyFactor(jitter: .standard) {
        var matrix = covariance()
        let n = matrix.rows
        matrix.withUnsafeMutableElements { target in
          for i in 0..<n { target[i * n + i] += noiseVariances[i] }
        }
        return matrix
      }
    } catch {
      throw GaussianProcessError(error)
    }
    try self.init(factor: factor, targets: targets, mean: mean)
  }

  /// Conditions on targets with C factored already.
  init(factor: CholeskyFactor, targets: [Double], mean: PriorMean) throws(GaussianProcessError) {
    let center: Double
    switch mean {
    case .fixed(let value): center = value
    case .function: center = 0
    case .profiled:
      let unit = factor.solve([Double](repeating: 1, count: targets.count))
      center = dot(unit, targets) / unit.reduce(0, +)
    }
    let residuals = targets.map { $0 - center }
    weights = factor.solve(residuals)
    self.factor = factor
    self.mean = center
    quadraticForm = dot(residuals, weights)
    logMarginalLikelihood =
      -0.5 * (quadraticForm + factor.logDeterminant + Double(targets.count) * log(2 * .pi))
    guard logMarginalLikelihood.isFinite, weights.allSatisfy(\.isFinite) else { throw .notFinite }
  }
}

extension GaussianProcessError {
  /// What a failed factorisation of the covariance matrix means here.
  init(_ error: LinearAlgebraError) {
    switch error {
    case .notPositiveDefinite(let pivot): self = .notPositiveDefinite(pivot: pivot)
    case .notFinite, .notConverged: self = .notFinite
    }
  }
}
