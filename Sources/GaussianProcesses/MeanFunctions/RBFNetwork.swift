import Foundation
import NumericalMethods

/// A sum of Gaussian bumps e^(−γ|z − c_k|²) at observed points and a constant, fitted by ridge regression.
///
/// The distances are those of the kernel with lengthscales of 1. The width γ, of half powers of ten from 10⁻³ to 10²,
/// and the penalty have the smallest leave-one-out error; the widest bumps win where several do equally well. With more than
/// 200 observations, so many of them, evenly spread over their order, are centres.
/// - Complexity: to fit, O(n·K²) for K centres and each of 11 widths; O(K·q) per value.
package struct RBFNetwork: MeanFunction {
  /// γ.
  package let inverseSquaredWidth: Double
  private let features: RegressionFeatures
  /// c, [K, q].
  private let centers: Matrix
  private let squaredNorms: [Double]
  private let regression: RidgeRegression

  /// The largest number of centres.
  package static let centerLimit = 200

  /// Fits a network.
  package init(fittedTo observations: Observations) {
    let features = RegressionFeatures(observations.inputs)
    let centers = features.matrix(observations.spread(Self.centerLimit).inputs)
    let norms = Self.squaredNorms(centers)
    let distances = Self.squaredDistances(centers, norms, features.matrix(observations.inputs))
    var best: (width: Double, regression: RidgeRegression)?
    for exponent in stride(from: -3, through: 2, by: 0.5) {
      let width = pow(10, exponent)
      let regression = RidgeRegression(distances.map { exp(-width * $0) }, targets: observations.targets)
      if let best, regression.leaveOneOutError >= best.regression.leaveOneOutError * (1 - 1e-9) { continue }
      best = (width, regression)
    }
    guard let (width, regression) = best else { preconditionFailure("There are widths to choose from") }
    inverseSquaredWidth = width
    self.regression = regression
    self.features = features
    self.centers = centers
    squaredNorms = norms
  }

  /// The values at m points.
  package func values(at points: Inputs) -> [Double] {
    let distances = Self.squaredDistances(centers, squaredNorms, features.matrix(points))
    return regression.values(distances.map { exp(-inverseSquaredWidth * $0) })
  }

  /// The gradient at one point by its features.
  package func featureGradient(at point: Inputs) -> [Double] {
    let z = features.matrix(point)
    let distances = Self.squaredDistances(centers, squaredNorms, z).elements
    let slopes = distances.indices.map {
      -2 * inverseSquaredWidth * regression.coefficients[$0] * exp(-inverseSquaredWidth * distances[$0])
    }
    let total = slopes.reduce(0, +)
    let pulls = centers.multiplying(slopes, transposing: true)
    return (0..<features.realCount).map { z[0, $0] * total - pulls[$0] }
  }

  private static func squaredNorms(_ matrix: Matrix) -> [Double] {
    (0..<matrix.rows).map { i in matrix.row(i).reduce(0) { $0 + $1 * $1 } }
  }

  /// |z_i − c_k|², [m, K].
  private static func squaredDistances(_ centers: Matrix, _ centerNorms: [Double], _ points: Matrix) -> Matrix {
    let norms = squaredNorms(points)
    var result = points.multiplying(centers, transposing: .right)
    let m = points.rows
    result.withUnsafeMutableElements { target in
      for (k, norm) in centerNorms.enumerated() {
        for i in 0..<m { target[k * m + i] = max(0, norms[i] + norm - 2 * target[k * m + i]) }
      }
    }
    return result
  }
}
