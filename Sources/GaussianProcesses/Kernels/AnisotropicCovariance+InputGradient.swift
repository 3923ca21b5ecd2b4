import NumericalMethods

extension AnisotropicCovariance {
  /// K with the derivatives by all log hyperparameters and by the features of all points at once.
  ///
  /// With H = W∘B and r = H·1 as in `matrixWithGradient`: ∂/∂x_ip = −2·(r_i x_ip − (Hx_p)_i)/ℓ_p, X scaled on the right.
  /// - Complexity: that of `matrixWithGradient`, whose products are all that is needed.
  func matrixWithInputGradient() -> (
    matrix: Matrix, contraction: @Sendable (Matrix) -> (parameters: [Double], features: Matrix)
  ) {
    let (matrix, slopes) = matrixWithSlopes()
    return (
      matrix,
      { [matrix, slopes] weights in
        let (parameters, rowSums, products) = contract(weights, matrix, slopes)
        let n = matrix.rows
        var features = products
        features.withUnsafeMutableElements { target in
          scaled.withUnsafeElements { x in
            for (p, inverse) in inverseLengthscales.enumerated() {
              for i in 0..<n { target[p * n + i] = 2 * inverse * (target[p * n + i] - rowSums[i] * x[p * n + i]) }
            }
          }
        }
        return (parameters, features)
      }
    )
  }
}
