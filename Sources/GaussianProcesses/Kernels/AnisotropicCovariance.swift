import Foundation
import NumericalMethods

/// An anisotropic kernel with fixed hyperparameters at n points.
///
/// | symbol | meaning | shape |
/// |---|---|---|
/// | X | features, each divided by its dimension's lengthscale | [n, p] |
/// | B | slopes −2·∂K/∂(s²) | [n, n] |
/// | w | 1/ℓ² of categorical dimensions | [c] |
struct AnisotropicCovariance: InputCovariance {
  let kernel: AnisotropicKernel
  let variance: Double
  /// 1/ℓ for each real feature.
  let inverseLengthscales: [Double]
  /// 1/ℓ² for each categorical dimension.
  let levelWeights: [Double]
  /// X, [n, p].
  let scaled: Matrix
  /// |x_i|², [n].
  let squaredNorms: [Double]
  let levels: [[Int32]]

  init(kernel: AnisotropicKernel, inputs: Inputs, hyperparameters: Hyperparameters) {
    precondition(inputs.layout == kernel.layout, "The inputs must be of the kernel's layout")
    precondition(hyperparameters.logLengthscales.count == kernel.layout.count, "One lengthscale per dimension")
    self.kernel = kernel
    variance = exp(hyperparameters.logSignalVariance)
    inverseLengthscales = kernel.layout.featureDimensions.map { exp(-hyperparameters.logLengthscales[$0]) }
    levelWeights = kernel.layout.categoricalDimensions.map { exp(-2 * hyperparameters.logLengthscales[$0]) }
    scaled = Self.scale(inputs.features, by: inverseLengthscales)
    squaredNorms = Self.squaredNorms(scaled)
    levels = inputs.levels
  }

  private init(_ old: AnisotropicCovariance, appending others: Inputs) {
    kernel = old.kernel
    variance = old.variance
    inverseLengthscales = old.inverseLengthscales
    levelWeights = old.levelWeights
    let more = Self.scale(others.features, by: inverseLengthscales)
    scaled = old.scaled.appendingRows(more)
    squaredNorms = old.squaredNorms + Self.squaredNorms(more)
    levels = zip(old.levels, others.levels).map { $0 + $1 }
  }

  func appending(_ others: Inputs) -> any InputCovariance {
    precondition(others.layout == kernel.layout, "The inputs must be of the kernel's layout")
    return AnisotropicCovariance(self, appending: others)
  }

  func matrix() -> Matrix {
    var matrix = squaredDistances()
    let n = matrix.rows
    matrix.withUnsafeMutableElements { target in
      for j in 0..<n {
        kernel.correlation.apply(variance, to: UnsafeMutableBufferPointer(rebasing: target[j * n + j..<(j + 1) * n]))
      }
    }
    return matrix
  }

  func cross(_ others: Inputs) -> Matrix {
    var matrix = squaredDistances(to: others)
    matrix.withUnsafeMutableElements { kernel.correlation.apply(variance, to: $0) }
    return matrix
  }

  func crossWithGradient(_ point: Inputs) -> (covariances: [Double], contraction: @Sendable ([Double]) -> [Double]) {
    precondition(point.count == 1, "One point is needed")
    var covariances = squaredDistances(to: point).elements
    var slopes = [Double](repeating: 0, count: covariances.count)
    covariances.withUnsafeMutableBufferPointer { values in
      slopes.withUnsafeMutableBufferPointer { kernel.correlation.apply(variance, to: values, slopes: $0) }
    }
    let own = zip(point.features.elements, inverseLengthscales).map { $0 * $1 }
    return (
      covariances,
      { [scaled, inverseLengthscales, slopes] weights in
        // ∂k_i/∂z_p = −B_i (z_p − x_ip)/ℓ_p, z and x scaled.
        let h = zip(weights, slopes).map { $0 * $1 }
        let total = h.reduce(0, +)
        let pulls = scaled.multiplying(h, transposing: true)
        return inverseLengthscales.indices.map { (pulls[$0] - own[$0] * total) * inverseLengthscales[$0] }
      }
    )
  }

  /// s² between the points, lower triangle.
  func squaredDistances() -> Matrix {
    let n = squaredNorms.count
    // Distances from inner products: they lose about 1e-16·(1/ℓ)², which a correlation smooth in s² does not notice.
    var matrix = scaled.gram(of: .rows)
    matrix.withUnsafeMutableElements { target in
      for j in 0..<n {
        let norm = squaredNorms[j]
        target[j * n + j] = 0
        for i in j + 1..<max(n, j + 1) {
          target[j * n + i] = max(0, squaredNorms[i] + norm - 2 * target[j * n + i])
        }
      }
      for (column, weight) in zip(levels, levelWeights) {
        for j in 0..<n {
          let own = column[j]
          for i in j + 1..<max(n, j + 1) where column[i] != own { target[j * n + i] += weight }
        }
      }
    }
    return matrix
  }

  /// s² to other points, [n, m].
  private func squaredDistances(to others: Inputs) -> Matrix {
    precondition(others.layout == kernel.layout, "The inputs must be of the kernel's layout")
    let n = squaredNorms.count
    let other = Self.scale(others.features, by: inverseLengthscales)
    let otherNorms = Self.squaredNorms(other)
    var matrix = scaled.multiplying(other, transposing: .right)
    matrix.withUnsafeMutableElements { target in
      for j in 0..<others.count {
        let norm = otherNorms[j]
        for i in 0..<n { target[j * n + i] = max(0, squaredNorms[i] + norm - 2 * target[j * n + i]) }
      }
      for (index, weight) in levelWeights.enumerated() {
        let (column, otherColumn) = (levels[index], others.levels[index])
        for j in 0..<others.count {
          let own = otherColumn[j]
          for i in 0..<n where column[i] != own { target[j * n + i] += weight }
        }
      }
    }
    return matrix
  }

  private static func scale(_ features: Matrix, by factors: [Double]) -> Matrix {
    let n = features.rows
    return Matrix(rows: n, columns: features.columns) { target in
      features.withUnsafeElements { source in
        for (p, factor) in factors.enumerated() {
          for i in p * n..<(p + 1) * n { target[i] = source[i] * factor }
        }
      }
    }
  }

  private static func squaredNorms(_ features: Matrix) -> [Double] {
    var norms = [Double](repeating: 0, count: features.rows)
    features.withUnsafeElements { source in
      for p in 0..<features.columns {
        for i in 0..<features.rows { norms[i] += source[p * features.rows + i] * source[p * features.rows + i] }
      }
    }
    return norms
  }
}
