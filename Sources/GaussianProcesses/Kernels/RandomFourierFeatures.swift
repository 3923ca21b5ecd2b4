import Foundation
public import NumericalMethods

/// Random cosines whose products average to a radial kernel: k(x, x′) = E[σ²·cos(ωᵀ(x − x′))].
///
/// Categorical coordinates take part as one-hot vectors divided by √2, which stand 1 apart, as levels do in the kernel.
///
/// | symbol | meaning | shape |
/// |---|---|---|
/// | ω | columns of `frequencies`, in units of 1 over the features | [p, M] |
/// | θ | `phases`, ωᵀx | [M, m] |
///
/// - Source: Rahimi, Recht 2007, "Random features for large-scale kernel machines", section 3 and algorithm 1.
public struct RandomFourierFeatures: Sendable {
  /// ω for the real features, [p, M].
  public let frequencies: Matrix
  /// ω for each categorical dimension, [M, levels + 1]; column 0 is for inactive ones.
  public let levelFrequencies: [Matrix]
  /// σ².
  public let variance: Double
  /// What the points go through first.
  private var warping: InputWarping?

  /// Draws the frequencies of a kernel.
  ///
  /// - Parameters:
  ///   - levelCounts: for each categorical dimension the number of its levels.
  ///   - count: the number M of frequencies.
  public init(
    _ correlation: some RadialCorrelation, layout: InputLayout, hyperparameters: Hyperparameters, levelCounts: [Int],
    count: Int, using random: inout some RandomNumberGenerator
  ) {
    precondition(levelCounts.count == layout.categoricalDimensions.count, "Each categorical dimension needs its levels")
    let scales = (0..<count).map { _ in correlation.frequencyScale(using: &random) }
    frequencies = Matrix(rows: layout.featureCount, columns: count) { target in
      var next = 0
      for scale in scales {
        for dimension in layout.featureDimensions {
          target[next] =
            scale * StandardNormal.sample(using: &random) / exp(hyperparameters.logLengthscales[dimension])
          next += 1
        }
      }
    }
    var levelFrequencies: [Matrix] = []
    for (dimension, levels) in zip(layout.categoricalDimensions, levelCounts) {
      let width = exp(hyperparameters.logLengthscales[dimension]) * 2.0.squareRoot()
      var columns = Matrix(rows: count, columns: levels + 1)
      for level in 0...levels {
        columns.setColumn(level, to: scales.map { $0 * StandardNormal.sample(using: &random) / width })
      }
      levelFrequencies.append(columns)
    }
    self.levelFrequencies = levelFrequencies
    variance = exp(hyperparameters.logSignalVariance)
  }

  /// The phases θ at m points, [M, m].
  public func phases(at points: Inputs) -> Matrix {
    let features = warping?.apply(points).features ?? points.features
    var phases = frequencies.multiplying(features, transposing: [.left, .right])
    let rows = phases.rows
    for (table, column) in zip(levelFrequencies, points.levels) {
      phases.withUnsafeMutableElements { target in
        table.withUnsafeElements { source in
          for (point, level) in column.enumerated() {
            let start = (Int(level) + 1) * rows
            for row in 0..<rows { target[point * rows + row] += source[start + row] }
          }
        }
      }
    }
    return phases
  }

  /// The gradient by a point's features of a function with these derivatives by its phases, [p].
  public func featureGradient(_ slopes: [Double], at point: Inputs) -> [Double] {
    let gradient = frequencies.multiplying(slopes)
    return warping?.pullback(Matrix(rows: 1, columns: gradient.count, elements: gradient), at: point).elements
      ?? gradient
  }

  private init(_ other: RandomFourierFeatures, frequencies: Matrix) {
    self.frequencies = frequencies
    levelFrequencies = other.levelFrequencies
    variance = other.variance
    warping = other.warping
  }

  /// The same cosines with one more real feature, after the others, of frequencies [M].
  func appendingFeature(_ more: [Double]) -> RandomFourierFeatures {
    RandomFourierFeatures(
      self, frequencies: frequencies.appendingRows(Matrix(rows: 1, columns: more.count, elements: more)))
  }

  /// The same cosines of warped points.
  func warping(by warping: InputWarping) -> RandomFourierFeatures {
    var warped = self
    warped.warping = warping
    return warped
  }
}
