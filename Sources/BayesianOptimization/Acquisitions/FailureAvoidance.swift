import Foundation
package import GaussianProcesses
package import NumericalMethods

/// Keeps an acquisition away from places where trials fail again and again.
///
/// A failed trial teaches the model nothing about the objective, yet proposing the same place forever would waste the
/// budget. With F and S the failed and the successful trials near x, counted by a Matérn correlation of fixed
/// lengthscale, F·ln(1 + F/(ε + S)) is taken off the log utility: about 2.4 for one failure among no successes, over 10 for
/// three, next to nothing for one among many. So one bad machine hides nothing. Where failures persist, with 2.5 or more
/// near one of them and fewer than half as many successes, the place counts as infeasible, and the model turns away.
package struct FailureAvoidance: Sendable {
  private let covariance: any InputCovariance
  private let failedCount: Int
  private let prior = 0.1

  /// Creates the penalty, or `nil` where nothing failed.
  package init?(failed: Inputs, succeeded: Inputs) {
    guard failed.count > 0 else { return nil }
    covariance = Self.neighbourhood(of: failed.appending(succeeded))
    failedCount = failed.count
  }

  /// Which failed trials stand where failures persist.
  package static func persist(_ failed: Inputs, among succeeded: Inputs) -> [Bool] {
    guard failed.count > 0 else { return [] }
    let near = neighbourhood(of: failed.appending(succeeded)).cross(failed)
    return (0..<failed.count).map { index in
      let column = near.column(index)
      let failures = column[..<failed.count].reduce(0, +)
      return failures >= 2.5 && failures > 2 * column[failed.count...].reduce(0, +)
    }
  }

  private static func neighbourhood(of points: Inputs) -> any InputCovariance {
    let d = points.layout.count
    // A quarter of the cube's diagonal, so that a typical neighbourhood means the same in every dimension.
    let lengthscale = 0.25 * Double(max(d, 1)).squareRoot()
    let hyperparameters = Hyperparameters(
      lengthscales: Array(repeating: lengthscale, count: d), signalVariance: 1, noiseVariance: 1)
    return AnisotropicKernel(layout: points.layout).covariance(at: points, hyperparameters)
  }

  /// The penalties at m points, to be added to log utilities.
  package func values(at points: Inputs) -> [Double] {
    (0..<points.count).lanes.flatMap { range in
      let correlations = covariance.cross(PointLanes(points, range))
      return range.indices.map { penalty(correlations.row($0 - range.lowerBound)).value }
    }
  }

  /// The penalties at m points and their gradients by the points' features, [p, m].
  package func evaluate(at points: Inputs) -> (values: [Double], featureGradients: Matrix) {
    var values: [Double] = []
    var gradients: [Double] = []
    for range in (0..<points.count).lanes {
      let (correlations, contraction) = covariance.crossWithGradient(PointLanes(points, range))
      var weights = Matrix(rows: correlations.rows, columns: correlations.columns)
      for lane in 0..<range.count {
        let (value, byFailures, bySuccesses) = penalty(correlations.row(lane))
        values.append(value)
        weights.setRow(lane, to: (0..<correlations.columns).map { $0 < failedCount ? byFailures : bySuccesses })
      }
      let pulls = contraction(weights)
      for lane in 0..<range.count { gradients += pulls.row(lane) }
    }
    return (values, Matrix(rows: points.layout.featureCount, columns: points.count, elements: gradients))
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
