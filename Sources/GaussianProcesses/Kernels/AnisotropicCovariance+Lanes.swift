import CKernels
import NumericalMethods

extension AnisotropicCovariance {
  func cross(_ points: PointLanes) -> Matrix {
    var matrix = squaredDistances(to: scaledFeatures(points), points.inputs.levels)
    matrix.withUnsafeMutableElements { kernel.correlation.apply(variance, to: $0) }
    return matrix
  }

  func crossWithGradient(_ points: PointLanes) -> (covariances: Matrix, contraction: @Sendable (Matrix) -> Matrix) {
    let own = scaledFeatures(points)
    var covariances = squaredDistances(to: own, points.inputs.levels)
    let slopes = Matrix(rows: covariances.rows, columns: covariances.columns) { slopes in
      covariances.withUnsafeMutableElements { kernel.correlation.apply(variance, to: $0, slopes: slopes) }
    }
    return (covariances, { [self, slopes] weights in pull(weights, slopes, own) })
  }

  /// Σ_i ω_i·∂k_i/∂z_p = Σ_i ω_i·B_i·(x_ip − z_p)/ℓ_p, x and z scaled.
  private func pull(_ weights: Matrix, _ slopes: Matrix, _ own: Matrix) -> Matrix {
    var h = weights
    h.withUnsafeMutableElements { h in
      slopes.withUnsafeElements { slopes in
        for index in h.indices { h[index] *= slopes[index] }
      }
    }
    let (width, n) = (own.rows, squaredNorms.count)
    return Matrix(rows: width, columns: own.columns) { target in
      h.withUnsafeElements { h in
        scaled.withUnsafeElements { x in
          own.withUnsafeElements { z in
            ckernels_lanes_pull(
              width, n, own.columns, h.baseAddress, x.baseAddress, z.baseAddress, target.baseAddress)
          }
        }
      }
      for (p, factor) in inverseLengthscales.enumerated() {
        for index in p * width..<(p + 1) * width { target[index] *= factor }
      }
    }
  }

  private func scaledFeatures(_ points: PointLanes) -> Matrix {
    Self.scale(points.inputs.features, by: inverseLengthscales)
  }

  /// s² to points side by side, [w, n], from differences: near an observation nothing cancels.
  private func squaredDistances(to own: Matrix, _ ownLevels: [[Int32]]) -> Matrix {
    let (width, n) = (own.rows, squaredNorms.count)
    return Matrix(rows: width, columns: n) { target in
      scaled.withUnsafeElements { x in
        own.withUnsafeElements { z in
          ckernels_lanes_squared_distances(
            width, n, own.columns, x.baseAddress, z.baseAddress, target.baseAddress)
        }
      }
      for (index, weight) in levelWeights.enumerated() {
        ckernels_lanes_add_where_different(
          width, n, levels[index], ownLevels[index], weight, target.baseAddress)
      }
    }
  }
}
