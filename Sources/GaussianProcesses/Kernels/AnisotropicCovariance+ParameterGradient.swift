import CKernels
import NumericalMethods

extension AnisotropicCovariance {
  /// K with the derivatives by all log hyperparameters and all features at once, from matrix products.
  ///
  /// With H = W∘B and r = H·1: ∂/∂ln ℓ_j = Σ_{p of j} 2·[rᵀ(x_p∘x_p) − x_pᵀ H x_p], X scaled; a categorical dimension
  /// sums H where levels differ; by x_ip it is −2·(r_i x_ip − (HX)_ip)/ℓ_p; ∂/∂ln σ² = Σ W∘K. That last sum needs no K: with C = K + diag(σ²) it is
  /// ½(αᵀCα − n) − Σ W_ii·σ_i².
  /// - Complexity: 2n³/3 flops for W, one n × n × p product and O(n²) per categorical dimension.
  func matrixWithGradient() -> (matrix: Matrix, contraction: (CovarianceWeights) -> CovarianceDerivatives) {
    let n = squaredNorms.count
    var matrix = Matrix(rows: 0, columns: 0)
    var slopes = Matrix(rows: n, columns: n) { slopes in
      matrix = squaredDistances { j, column in
        kernel.correlation.apply(
          variance, to: column, slopes: UnsafeMutableBufferPointer(rebasing: slopes[j * n + j..<(j + 1) * n]))
      }
    }
    // The slopes are overwritten, not copied.
    return (matrix, { weights in contract(weights, &slopes) })
  }

  private func contract(_ weights: CovarianceWeights, _ h: inout Matrix) -> CovarianceDerivatives {
    let n = squaredNorms.count
    var rowSums = [Double](repeating: 0, count: n)
    var diagonal = rowSums
    var scratch = [Double](unsafeUninitializedCapacity: 2 * PointLanes.limit * n) { _, count in
      count = 2 * PointLanes.limit * n
    }
    weights.factor.lower.withUnsafeElements { l in
      h.withUnsafeMutableElements { h in
        ckernels_weigh(n, l.baseAddress, weights.solved, h.baseAddress, &rowSums, &diagonal, &scratch)
      }
    }

    var gradient = [Double](repeating: 0, count: kernel.layout.count + 1)
    gradient[kernel.layout.count] =
      0.5 * (weights.quadraticForm - Double(n)) - dot(diagonal, weights.noiseVariances)
    var products = h.symmetricMultiplying(scaled)
    scaled.withUnsafeElements { x in
      products.withUnsafeMutableElements { hx in
        for (p, dimension) in kernel.layout.featureDimensions.enumerated() {
          let inverseLengthscale = inverseLengthscales[p]
          var sum = 0.0
          for i in 0..<n {
            let pull = 2 * (rowSums[i] * x[p * n + i] - hx[p * n + i])
            sum += x[p * n + i] * pull
            hx[p * n + i] = -pull * inverseLengthscale
          }
          gradient[dimension] += sum
        }
      }
    }
    h.withUnsafeElements { h in
      for (index, dimension) in kernel.layout.categoricalDimensions.enumerated() {
        levels[index].withUnsafeBufferPointer { column in
          guard let h = h.baseAddress, let levels = column.baseAddress else { return }
          var sum = 0.0
          for j in 0..<n { sum += ckernels_sum_where_different(h + j * n + j, levels + j, column[j], n - j) }
          gradient[dimension] = 2 * levelWeights[index] * sum
        }
      }
    }
    return CovarianceDerivatives(byHyperparameters: gradient, byDiagonal: diagonal, byFeatures: products)
  }
}
