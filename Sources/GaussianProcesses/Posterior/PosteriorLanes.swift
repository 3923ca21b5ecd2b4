import CKernels
import NumericalMethods

/// What a posterior believes at a few points side by side.
///
/// | symbol | meaning | shape |
/// |---|---|---|
/// | k | covariances with observations and pending points | [w, n + q] |
/// | v | L⁻¹k, a row for each point | [w, n + q] |
struct PosteriorLanes: Sendable {
  /// The number of points.
  let count: Int
  /// Σ_i α_i·k_i for each lane, [w]: the mean less its prior.
  let pulls: [Double]
  /// Variances of the noiseless function, [w], not negative.
  let variances: [Double]
  /// v.
  let whitened: Matrix

  /// - Parameter covariances: k.
  init(_ posterior: Posterior, count: Int, covariances: consuming Matrix) {
    self.count = count
    let (width, order) = (covariances.rows, covariances.columns)
    var pulls = [Double](repeating: 0, count: width)
    var squares = pulls
    let variance = posterior.covariance.variance
    posterior.factor.lower.withUnsafeElements { l in
      covariances.withUnsafeMutableElements { k in
        ckernels_lanes_sums(width, order, posterior.weights, k.baseAddress, &pulls)
        ckernels_lanes_solve(width, order, l.baseAddress, k.baseAddress)
        ckernels_lanes_squares(width, order, k.baseAddress, &squares)
      }
    }
    self.pulls = pulls
    variances = squares.map { max(0, variance - $0) }
    whitened = covariances
  }

  /// Copies the last q elements of v to columns of a matrix [q, m].
  func copyInnovations(_ q: Int, to target: UnsafeMutableBufferPointer<Double>, from first: Int) {
    let (width, order) = (whitened.rows, whitened.columns)
    whitened.withUnsafeElements { v in
      for lane in 0..<count {
        for index in 0..<q { target[(first + lane) * q + index] = v[(order - q + index) * width + lane] }
      }
    }
  }
}

extension Range<Int> {
  /// The range in pieces that fit side by side.
  package var lanes: [Range<Int>] {
    stride(from: lowerBound, to: upperBound, by: PointLanes.limit).map {
      $0..<Swift.min($0 + PointLanes.limit, upperBound)
    }
  }
}
