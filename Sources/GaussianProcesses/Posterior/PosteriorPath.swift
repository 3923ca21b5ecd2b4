import CKernels
import Foundation
import NumericalMethods

/// One function drawn from a Gaussian process given its observations, smooth and cheap to evaluate anywhere.
///
/// A draw g from the prior, made of random cosines, is pulled to the observations by Matheron's rule:
/// f(x) = m + g(x) + k(x, X)·C⁻¹(y − m − g(X) − ε), ε of the noise's distribution. Mean and covariance over draws are
/// exactly the posterior's, however few the cosines; more of them make single draws closer to Gaussian.
///
/// | symbol | meaning | shape |
/// |---|---|---|
/// | g | Σ_j R_j·cos(θ_j − ψ_j): a pair of cosine and sine with normal weights | 1 |
/// | `weights` | C⁻¹(y − m − g(X) − ε) | [n] |
///
/// - Source: Wilson, Borovitskiy, Terenin, Mostowsky, Deisenroth 2020, "Efficiently sampling functions from Gaussian
///   process posteriors", eq. 13, <https://arxiv.org/abs/2002.09309>.
public struct PosteriorPath: Sendable {
  private let process: GaussianProcess
  private let features: RandomFourierFeatures
  /// R, [M].
  private let amplitudes: [Double]
  /// ψ, [M].
  private let shifts: [Double]
  private let weights: [Double]

  /// The number of pairs in use unless told otherwise.
  public static let standardPairs = 1_024
  private static let chunk = 256

  /// Draws a function.
  ///
  /// - Parameters:
  ///   - levelCounts: for each categorical dimension the number of its levels.
  ///   - pairs: the number M of pairs of cosine and sine.
  /// - Complexity: O(nMp + n²).
  public init(
    _ process: GaussianProcess, levelCounts: [Int], pairs: Int = PosteriorPath.standardPairs,
    using random: inout some RandomNumberGenerator
  ) {
    precondition(pairs > 0, "A path needs at least one pair")
    self.process = process
    features = process.kernel.randomFeatures(
      process.hyperparameters, levelCounts: levelCounts, count: pairs, using: &random)
    let size = (features.variance / Double(pairs)).squareRoot()
    var amplitudes: [Double] = []
    var shifts: [Double] = []
    for _ in 0..<pairs {
      let cosine = StandardNormal.sample(using: &random)
      let sine = StandardNormal.sample(using: &random)
      amplitudes.append(size * hypot(cosine, sine))
      shifts.append(atan2(sine, cosine))
    }
    self.amplitudes = amplitudes
    self.shifts = shifts
    let observations = process.observations
    let factor = process.conditioning.factor
    let prior = Self.waves(features, amplitudes, shifts, at: observations.inputs)
    let residuals = process.meanFunction.residuals(observations)
    let variances = observations.noiseVariances(exp(process.hyperparameters.logNoiseVariance), process.noise)
    weights = factor.solve(
      residuals.indices.map { index in
        let noise = (variances[index] + factor.jitter).squareRoot() * StandardNormal.sample(using: &random)
        return residuals[index] - process.mean - prior[index] - noise
      })
  }

  /// The function at m points.
  ///
  /// - Complexity: O(mM + nmp).
  public func values(at points: Inputs) -> [Double] {
    let pulls = process.covariance.cross(points).multiplying(weights, transposing: true)
    let waves = Self.waves(features, amplitudes, shifts, at: points)
    return process.addingPriorMean(to: zip(waves, pulls).map { $0 + $1 }, at: points)
  }

  /// The function at one point and its gradient by the point's features.
  ///
  /// - Complexity: O(Mp + np).
  public func evaluate(at point: Inputs) -> (value: Double, featureGradient: [Double]) {
    let phases = zip(features.phases(at: point).elements, shifts).map { $0 - $1 }
    // cos′ x = −sin x = cos(x + π/2).
    let slopes = zip(amplitudes, Self.cosines(phases.map { $0 + .pi / 2 })).map { $0 * $1 }
    let lanes = PointLanes(point, 0..<1)
    let (covariances, contraction) = process.covariance.crossWithGradient(lanes)
    let pull = weights.indices.reduce(0) { $0 + weights[$1] * covariances[0, $1] }
    let height = dot(amplitudes, Self.cosines(phases)) + pull
    let all = Matrix(
      rows: lanes.width, columns: weights.count,
      elements: weights.flatMap { weight in
        repeatElement(weight, count: lanes.width)
      })
    var gradient = contraction(all).row(0)
    axpy(1, features.featureGradient(slopes, at: point), into: &gradient)
    if case .function(let function) = process.meanFunction {
      axpy(1, function.featureGradient(at: point), into: &gradient)
    }
    return (process.addingPriorMean(to: [height], at: point)[0], gradient)
  }

  /// The prior's draw g at m points.
  private static func waves(
    _ features: RandomFourierFeatures, _ amplitudes: [Double], _ shifts: [Double], at points: Inputs
  ) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(points.count)
    let negated = shifts.map { -$0 }
    // In chunks, so that the phases stay in the cache.
    for start in stride(from: 0, to: points.count, by: chunk) {
      var phases = features.phases(at: points.points(at: Array(start..<min(start + chunk, points.count))))
      phases.addToColumns(negated)
      phases.withUnsafeMutableElements { ckernels_cosines($0.baseAddress, $0.count) }
      result += phases.multiplying(amplitudes, transposing: true)
    }
    return result
  }

  private static func cosines(_ phases: [Double]) -> [Double] {
    var result = phases
    result.withUnsafeMutableBufferPointer { ckernels_cosines($0.baseAddress, $0.count) }
    return result
  }
}
