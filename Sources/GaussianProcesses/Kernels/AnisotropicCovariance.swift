import CKernels
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

  init(_ old: AnisotropicCovariance, appending others: Inputs) {
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
    squaredDistances { _, column in kernel.correlation.apply(variance, to: column) }
  }

  func cross(_ others: Inputs) -> Matrix {
    var matrix = squaredDistances(to: others)
    matrix.withUnsafeMutableElements { kernel.correlation.apply(variance, to: $0) }
    return matrix
  }

  /// s² between the points, lower triangle; `finish` goes over each column from the diagonal down while it is at hand.
  func squaredDistances(_ finish: (_ j: Int, _ column: UnsafeMutableBufferPointer<Double>) -> Void) -> Matrix {
    let n = squaredNorms.count
    // Distances from inner products: they lose about 1e-16·(1/ℓ)², which a correlation smooth in s² does not notice.
    var matrix = scaled.lowerGramOfRows()
    matrix.withUnsafeMutableElements { target in
      squaredNorms.withUnsafeBufferPointer { norms in
        for j in 0..<n {
          let column = UnsafeMutableBufferPointer(rebasing: target[j * n + j..<(j + 1) * n])
          column[0] = 0
          finishColumn(column, norms[j...], norms[j], levels: { levels[$0][j] }, from: j, skipping: 1)
          finish(j, column)
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
      squaredNorms.withUnsafeBufferPointer { norms in
        for j in 0..<others.count {
          let column = UnsafeMutableBufferPointer(rebasing: target[j * n..<(j + 1) * n])
          finishColumn(column, norms[0...], otherNorms[j], levels: { others.levels[$0][j] }, from: 0, skipping: 0)
        }
      }
    }
    return matrix
  }

  /// Turns a column of inner products into one of s²; the first `skipping` stay as they are.
  private func finishColumn(
    _ column: UnsafeMutableBufferPointer<Double>, _ norms: Slice<UnsafeBufferPointer<Double>>, _ norm: Double,
    levels other: (Int) -> Int32, from first: Int, skipping: Int
  ) {
    guard column.count > skipping, let start = column.baseAddress else { return }
    let count = column.count - skipping
    UnsafeBufferPointer(rebasing: norms).baseAddress.map {
      ckernels_squared_distances(start + skipping, $0 + skipping, norm, count)
    }
    for (index, weight) in levelWeights.enumerated() {
      levels[index].withUnsafeBufferPointer { own in
        guard let base = own.baseAddress else { return }
        ckernels_add_where_different(start + skipping, base + first + skipping, other(index), weight, count)
      }
    }
  }

  static func scale(_ features: Matrix, by factors: [Double]) -> Matrix {
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
