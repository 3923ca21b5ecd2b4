import Foundation
import GaussianProcesses
import NumericalMethods

/// Keeps an acquisition away from places where trials fail again and again.
///
/// A failed trial teaches the model nothing about the objective, yet proposing the same place forever would waste the
/// budget. With F and S the failed and the successful trials near x, counted by a Matérn correlation of fixed
/// lengthscale, F·ln(1 + F/(ε + S)) is taken off the log utility: about 2.4 for one failure among no successes, over 10 for
/// three, next to nothing for one among many. So one bad machine hides nothing, and a region that always fails is left.
struct FailureAvoidance: Sendable {
  private let covariance: any InputCovariance
  private let failedCount: Int
  private let prior = 0.1

  /// Creates the penalty, or `nil` where nothing failed.
  init?(failed: Inputs, succeeded: Inputs) {
    guard failed.count > 0 else { return nil }
    let layout = failed.layout
    // A quarter of the cube's diagonal, so that a typical neighbourhood means the same in every dimension.
    let lengthscale = 0.25 * Double(max(layout.count, 1)).squareRoot()
    let hyperparameters = Hyperparameters(
      lengthscales: Array(repeating: lengthscale, count: layout.count), signalVariance: 1, noiseVariance: 1)
    covariance = AnisotropicKernel(layout: layout).covariance(at: failed.appending(succeeded), hyperparameters)
    failedCount = failed.count
  }

  /// The penalties at m points, to be added to log utilities.
  func values(at points: Inputs) -> [Double] {
    let cross = covariance.cross(points)
    return (0..<points.count).map { penalty(cross.column($0)).value }
  }

  /// The penalty at one point and its gradient by the point's features.
  func evaluate(at point: Inputs) -> (value: Double, featureGradient: [Double]) {
    let (correlations, contraction) = covariance.crossWithGradient(point)
    let (value, byFailures, bySuccesses) = penalty(correlations)
    return (value, contraction(correlations.indices.map { $0 < failedCount ? byFailures : bySuccesses }))
  }

  private func penalty(_ correlations: [Double]) -> (value: Double, byFailures: Double, bySuccesses: Double) {
    let failures = correlations[..<failedCount].reduce(0, +)
    let rest = prior + correlations[failedCount...].reduce(0, +)
    let ratio = log1p(failures / rest)
    return (
      -failures * ratio, -ratio - failures / (rest + failures), failures * failures / (rest * (rest + failures))
    )
  }
}
