import Foundation
import NumericalMethods

/// A kernel of functions that change as time goes by: k((x, t), (x′, t′)) = k(x, x′)·e^(−|t − t′|/ℓ).
///
/// Time is the last coordinate of the layout, and ℓ its lengthscale. Written (1 − ε)^(|t − t′|/2), ε = 1 − e^(−2/ℓ) is how
/// much of the function is forgotten in a unit of time. The product is positive semidefinite as both factors are.
/// - Source: Bogunovic, Scarlett, Cevher 2016, "Time-varying Gaussian process bandit optimization", section 3; as a
///   continuous ℓ it is the Matérn correlation with smoothness 1/2.
public struct TimeVaryingKernel: CovarianceKernel {
  /// The kernel of what is not time.
  public let base: AnisotropicKernel
  /// The base kernel's coordinates, and then time.
  public let layout: InputLayout

  /// Creates a kernel.
  public init(_ base: AnisotropicKernel) {
    self.base = base
    layout = InputLayout(base.layout.dimensions + [InputLayout.Dimension(.numeric)])
  }

  /// The covariance at n points with hyperparameters fixed.
  public func covariance(at inputs: Inputs, _ hyperparameters: Hyperparameters) -> any InputCovariance {
    precondition(inputs.layout == layout, "The inputs must be of the kernel's layout")
    return TimeVaryingCovariance(
      base: AnisotropicCovariance(
        kernel: base, inputs: timeless(inputs), hyperparameters: timeless(hyperparameters)),
      kernel: self, rate: exp(-hyperparameters.logLengthscales[base.layout.count]), times: times(inputs))
  }

  /// Draws random cosines whose products average to the covariance; those of time have Cauchy frequencies.
  public func randomFeatures(
    _ hyperparameters: Hyperparameters, levelCounts: [Int], count: Int, using random: inout some RandomNumberGenerator
  ) -> RandomFourierFeatures {
    let features = base.randomFeatures(
      timeless(hyperparameters), levelCounts: levelCounts, count: count, using: &random)
    let rate = exp(-hyperparameters.logLengthscales[base.layout.count])
    return features.appendingFeature(
      (0..<count).map { _ in
        let (a, b) = (StandardNormal.sample(using: &random), StandardNormal.sample(using: &random))
        return rate * a / b
      })
  }

  /// The points without their times.
  func timeless(_ inputs: Inputs) -> Inputs {
    Inputs(
      layout: base.layout, count: inputs.count,
      features: inputs.features.columns(at: 0..<base.layout.featureCount), levels: inputs.levels)
  }

  /// The times of points, up to a constant.
  func times(_ inputs: Inputs) -> [Double] { inputs.features.column(base.layout.featureCount) }

  private func timeless(_ hyperparameters: Hyperparameters) -> Hyperparameters {
    Hyperparameters(
      logLengthscales: Array(hyperparameters.logLengthscales[..<base.layout.count]),
      logSignalVariance: hyperparameters.logSignalVariance, logNoiseVariance: hyperparameters.logNoiseVariance)
  }
}

/// A time-varying kernel with fixed hyperparameters at n points.
///
/// With D = e^(−|Δt|/ℓ), K = base ∘ D.
struct TimeVaryingCovariance: InputCovariance {
  let base: AnisotropicCovariance
  let kernel: TimeVaryingKernel
  /// 1/ℓ.
  let rate: Double
  /// [n].
  let times: [Double]

  var variance: Double { base.variance }

  private func decay(_ i: Int, _ time: Double) -> Double { exp(-rate * (times[i] - time).magnitude) }

  func matrix() -> Matrix {
    base.squaredDistances { j, column in
      base.kernel.correlation.apply(variance, to: column)
      for i in column.indices { column[i] *= decay(j + i, times[j]) }
    }
  }

  func cross(_ others: Inputs) -> Matrix {
    var matrix = base.cross(kernel.timeless(others))
    let n = times.count
    matrix.withUnsafeMutableElements { target in
      for (j, time) in kernel.times(others).enumerated() {
        for i in 0..<n { target[j * n + i] *= decay(i, time) }
      }
    }
    return matrix
  }

  func appending(_ others: Inputs) -> any InputCovariance {
    precondition(others.layout == kernel.layout, "The inputs must be of the kernel's layout")
    return TimeVaryingCovariance(
      base: AnisotropicCovariance(base, appending: kernel.timeless(others)), kernel: kernel, rate: rate,
      times: times + kernel.times(others))
  }

  // MARK: Points side by side

  /// D with points side by side, [w, n].
  private func decays(_ points: PointLanes) -> Matrix {
    let own = kernel.times(points.inputs)
    return Matrix(rows: own.count, columns: times.count) { target in
      for i in times.indices {
        for lane in own.indices { target[i * own.count + lane] = decay(i, own[lane]) }
      }
    }
  }

  func cross(_ points: PointLanes) -> Matrix {
    base.cross(points.mapped(kernel.timeless)).combining(decays(points), *)
  }

  func crossWithGradient(_ points: PointLanes) -> (covariances: Matrix, contraction: @Sendable (Matrix) -> Matrix) {
    let decays = decays(points)
    let (timeless, contraction) = base.crossWithGradient(points.mapped(kernel.timeless))
    let covariances = timeless.combining(decays, *)
    let own = kernel.times(points.inputs)
    return (
      covariances,
      { [times, rate] weights in
        let byTime = own.indices.map { lane in
          times.indices.reduce(0.0) { sum, i in
            sum - weights[lane, i] * covariances[lane, i] * rate * Self.sign(own[lane] - times[i])
          }
        }
        return contraction(weights.combining(decays, *))
          .appendingColumns(Matrix(rows: own.count, columns: 1, elements: byTime))
      }
    )
  }

  private static func sign(_ difference: Double) -> Double { difference > 0 ? 1 : difference < 0 ? -1 : 0 }

  // MARK: Derivatives by hyperparameters

  /// K with its derivatives: those of the base kernel with weights W∘D, and Σ W_ab·K_ab·|Δt|/ℓ by ln ℓ.
  ///
  /// - Complexity: n³ flops for W, and n²p.
  func matrixWithGradient() -> (matrix: Matrix, contraction: (CovarianceWeights) -> CovarianceDerivatives) {
    let n = times.count
    var matrix = Matrix(rows: 0, columns: 0)
    let slopes = Matrix(rows: n, columns: n) { slopes in
      matrix = base.squaredDistances { j, column in
        let own = UnsafeMutableBufferPointer(rebasing: slopes[j * n + j..<(j + 1) * n])
        base.kernel.correlation.apply(variance, to: column, slopes: own)
        for i in column.indices {
          let decay = decay(j + i, times[j])
          column[i] *= decay
          own[i] *= decay
        }
      }
    }
    let covariances = matrix
    return (matrix, { weights in contract(weights, covariances, slopes) })
  }

  private func contract(_ weights: CovarianceWeights, _ k: Matrix, _ slopes: Matrix) -> CovarianceDerivatives {
    let n = times.count
    let layout = base.kernel.layout
    var gradient = [Double](repeating: 0, count: layout.count + 2)
    var diagonal = [Double](repeating: 0, count: n)
    let p = layout.featureCount
    var byFeatures = Matrix(rows: n, columns: p + 1)
    weights.factor.inverse().withUnsafeElements { inverse in
      k.withUnsafeElements { k in
        slopes.withUnsafeElements { slopes in
          base.scaled.withUnsafeElements { x in
            byFeatures.withUnsafeMutableElements { byFeatures in
              for j in 0..<n {
                let own = weights.solved[j]
                diagonal[j] = 0.5 * (own * own - inverse[j * n + j])
                gradient[layout.count + 1] += diagonal[j] * k[j * n + j]
                for i in (j + 1)..<max(n, j + 1) {
                  let place = j * n + i
                  // Each pair stands twice in the sum, so W is doubled.
                  let w = weights.solved[i] * own - inverse[place]
                  let h = w * slopes[place]
                  for feature in 0..<p {
                    let difference = x[feature * n + i] - x[feature * n + j]
                    gradient[layout.featureDimensions[feature]] += h * difference * difference
                    let pull = h * difference * base.inverseLengthscales[feature]
                    byFeatures[feature * n + i] -= pull
                    byFeatures[feature * n + j] += pull
                  }
                  for (index, dimension) in layout.categoricalDimensions.enumerated()
                  where base.levels[index][i] != base.levels[index][j] {
                    gradient[dimension] += h * base.levelWeights[index]
                  }
                  let difference = times[i] - times[j]
                  let share = w * k[place]
                  gradient[layout.count] += share * rate * difference.magnitude
                  gradient[layout.count + 1] += share
                  let pull = share * rate * Self.sign(difference)
                  byFeatures[p * n + i] -= pull
                  byFeatures[p * n + j] += pull
                }
              }
            }
          }
        }
      }
    }
    return CovarianceDerivatives(byHyperparameters: gradient, byDiagonal: diagonal, byFeatures: byFeatures)
  }
}
