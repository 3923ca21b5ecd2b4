import NumericalMethods

extension AnisotropicCovariance {
  /// K with the derivatives by all log hyperparameters at once, from matrix products.
  ///
  /// With H = W∘B and r = H·1: ∂/∂ln ℓ_j = Σ_{p of j} 2·[rᵀ(x_p∘x_p) − x_pᵀ H x_p], X scaled; a categorical dimension
  /// sums H where levels differ; ∂/∂ln σ² = Σ W∘K.
  /// - Complexity: one n × n × p product and O(n²) per categorical dimension.
  func matrixWithGradient() -> (matrix: Matrix, contraction: @Sendable (Matrix) -> [Double]) {
    let (matrix, slopes) = matrixWithSlopes()
    return (matrix, { [matrix, slopes] weights in contract(weights, matrix, slopes).parameters })
  }

  /// K and B.
  func matrixWithSlopes() -> (matrix: Matrix, slopes: Matrix) {
    var matrix = squaredDistances()
    let n = matrix.rows
    var slopes = Matrix(rows: n, columns: n)
    matrix.withUnsafeMutableElements { target in
      slopes.withUnsafeMutableElements { slopes in
        for j in 0..<n {
          let lower = j * n + j..<(j + 1) * n
          kernel.correlation.apply(
            variance, to: UnsafeMutableBufferPointer(rebasing: target[lower]),
            slopes: UnsafeMutableBufferPointer(rebasing: slopes[lower]))
        }
      }
    }
    return (matrix, slopes)
  }

  /// The derivatives by the log hyperparameters, with r, [n], and HX, [n, p].
  func contract(
    _ weights: Matrix, _ matrix: Matrix, _ slopes: Matrix
  ) -> (parameters: [Double], rowSums: [Double], products: Matrix) {
    let n = matrix.rows
    var gradient = [Double](repeating: 0, count: kernel.layout.count + 1)
    var signal = 0.0
    var h = slopes
    weights.withUnsafeElements { w in
      matrix.withUnsafeElements { k in
        h.withUnsafeMutableElements { h in
          for j in 0..<n {
            var below = 0.0
            for index in j * n + j + 1..<max((j + 1) * n, j * n + j + 1) {
              below += w[index] * k[index]
              h[index] *= w[index]
            }
            signal += w[j * n + j] * k[j * n + j] + 2 * below
            h[j * n + j] *= w[j * n + j]
          }
        }
      }
    }
    gradient[kernel.layout.count] = signal

    let rowSums = h.symmetricMultiplying([Double](repeating: 1, count: n))
    let products = h.symmetricMultiplying(scaled)
    scaled.withUnsafeElements { x in
      products.withUnsafeElements { hx in
        for (p, dimension) in kernel.layout.featureDimensions.enumerated() {
          var sum = 0.0
          for i in 0..<n { sum += x[p * n + i] * (rowSums[i] * x[p * n + i] - hx[p * n + i]) }
          gradient[dimension] += 2 * sum
        }
      }
    }
    h.withUnsafeElements { h in
      for (index, dimension) in kernel.layout.categoricalDimensions.enumerated() {
        let column = levels[index]
        var sum = 0.0
        for j in 0..<n {
          for i in j + 1..<max(n, j + 1) where column[i] != column[j] { sum += h[j * n + i] }
        }
        gradient[dimension] = 2 * levelWeights[index] * sum
      }
    }
    return (gradient, rowSums, products)
  }
}
