import Foundation
package import GaussianProcesses
package import NumericalMethods

/// The values that pending trials may bring, over which an acquisition is averaged.
///
/// The utility of x is the mean over fantasies z_s of the utility given f_P = μ_P + L_P·z_s, with the incumbent lowered to
/// the best of f_P where that is better. For expected improvement this is, up to a constant, the expected improvement of
/// the batch of pending points and x together. Without pending trials there is one fantasy, and nothing changes.
///
/// | symbol | meaning | shape |
/// |---|---|---|
/// | z_s | rows of `normals` | [S, q] |
/// | w | innovations at x | [q] |
///
/// - Source: Snoek, Larochelle, Adams 2012, "Practical Bayesian optimization of machine learning algorithms", section 3.2;
///   conditioning by innovations as in Ginsbourger et al. 2010.
package struct Fantasies: Sendable {
  /// Standard normals, one row per fantasy, [S, q].
  package let normals: Matrix
  /// The incumbent in each fantasy, [S].
  package let incumbents: [Double]

  /// The number of fantasies where trials are pending.
  package static let count = 64
  /// The pending trials whose values are sampled; those beyond are believed to bring their conditional mean.
  package static let sampledLimit = 16

  /// Creates the fantasies of a posterior's pending points.
  ///
  /// - Parameter random: scrambles the Sobol points that become the normals.
  package init(_ posterior: Posterior, incumbent: Double, using random: inout some RandomNumberGenerator) {
    let q = posterior.pendingCount
    guard q > 0 else {
      normals = Matrix(rows: 1, columns: 0)
      incumbents = [incumbent]
      return
    }
    let sampled = min(q, Self.sampledLimit)
    let normals = SobolSequence(dimensions: sampled, seed: random.next()).normalPoints(0..<Self.count)
      .appendingColumns(Matrix(rows: Self.count, columns: q - sampled))
    let deviations = normals.multiplying(posterior.pendingFactor, transposing: .right)
    incumbents = (0..<Self.count).map { s in
      (0..<q).reduce(incumbent) { min($0, posterior.pendingMeans[$1] + deviations[s, $1]) }
    }
    self.normals = normals
  }

  /// The log mean utility at m points.
  package func values(_ acquisition: any Acquisition, _ moments: Posterior.Moments) -> [Double] {
    var logs = [Double](repeating: 0, count: incumbents.count)
    return moments.means.indices.map { point in
      let deviation = Self.deviation(moments.variances[point])
      let means = means(moments.means[point], moments.innovations, point)
      for s in logs.indices {
        logs[s] = acquisition.evaluate(mean: means[s], deviation: deviation, incumbent: incumbents[s]).value
      }
      return Self.logMeanExp(logs)
    }
  }

  /// The log mean utility at m points with its derivatives by mean, variance and innovations.
  func evaluate(_ acquisition: any Acquisition, _ beliefs: PointPosteriors) -> [Evaluation] {
    beliefs.means.indices.map { point in
      let deviation = Self.deviation(beliefs.variances[point])
      let values = zip(means(beliefs.means[point], beliefs.innovations, point), incumbents).map {
        acquisition.evaluate(mean: $0, deviation: deviation, incumbent: $1)
      }
      let value = Self.logMeanExp(values.map(\.value))
      // The derivative of a log mean: each fantasy counts by its share of the sum.
      let shares = values.map { exp($0.value - value) / Double(values.count) }
      let slopes = zip(shares, values).map { $0 * $1.byMean }
      return Evaluation(
        value: value, byMean: slopes.reduce(0, +),
        byVariance: zip(shares, values).reduce(0) { $0 + $1.0 * $1.1.byDeviation } / (2 * deviation),
        byInnovations: normals.columns == 0 ? [] : normals.multiplying(slopes, transposing: true))
    }
  }

  /// A point's mean in each fantasy; one product for each point, so that no point's depends on the others.
  private func means(_ mean: Double, _ innovations: Matrix, _ point: Int) -> [Double] {
    guard normals.columns > 0 else { return Array(repeating: mean, count: incumbents.count) }
    var means = [Double](repeating: mean, count: incumbents.count)
    gemv(normals, innovations.column(point), beta: 1, into: &means)
    return means
  }

  /// A log mean utility with its derivatives.
  struct Evaluation {
    var value: Double
    var byMean: Double
    var byVariance: Double
    var byInnovations: [Double]
  }

  /// The standard deviation, kept above 0 where rounding leaves no variance.
  static func deviation(_ variance: Double) -> Double { (variance + 1e-14).squareRoot() }

  /// ln of the mean of e^x.
  package static func logMeanExp(_ logs: [Double]) -> Double {
    let largest = logs.reduce(-Double.infinity, max)
    guard largest.isFinite else { return largest }
    return largest + log(logs.reduce(0) { $0 + exp($1 - largest) } / Double(logs.count))
  }
}
