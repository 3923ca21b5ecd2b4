package import GaussianProcesses
import NumericalMethods
import TuningModel

/// A function on the encoded space that is to be maximised.
package protocol SearchSurface: Sendable {
  /// For each coordinate of the encoded space a typical length over which the function changes.
  var lengthscales: [Double] { get }

  /// The values at m points; −∞ where there is none.
  func values(at points: [[Double]]) -> [Double]

  /// The values at m points and their gradients by the coordinates; 0 for coordinates without order.
  ///
  /// What comes out for one point must not depend on the others.
  func evaluate(at points: [[Double]]) -> [(value: Double, gradient: [Double])]
}

/// An acquisition over the encoded space: what the surrogate believes at a point decides its log utility.
package struct AcquisitionSurface: SearchSurface {
  package let encoding: SurrogateEncoding
  package let posterior: Posterior
  package let acquisition: any Acquisition
  package let fantasies: Fantasies
  package let avoidance: FailureAvoidance?

  package init(
    encoding: SurrogateEncoding, posterior: Posterior, acquisition: any Acquisition, fantasies: Fantasies,
    avoidance: FailureAvoidance?
  ) {
    self.encoding = encoding
    self.posterior = posterior
    self.acquisition = acquisition
    self.fantasies = fantasies
    self.avoidance = avoidance
  }

  package var lengthscales: [Double] { encoding.lengthscales(posterior.process.hyperparameters) }

  package func values(at points: [[Double]]) -> [Double] {
    guard !points.isEmpty else { return [] }
    let inputs = encoding.inputs(points)
    var values = fantasies.values(acquisition, posterior.moments(at: inputs))
    if let penalties = avoidance?.values(at: inputs) { values = zip(values, penalties).map { $0 + $1 } }
    return values.map { $0.isNaN ? -.infinity : $0 }
  }

  package func evaluate(at points: [[Double]]) -> [(value: Double, gradient: [Double])] {
    guard !points.isEmpty else { return [] }
    let inputs = encoding.inputs(points)
    let beliefs = posterior.evaluate(atAll: inputs)
    let evaluations = fantasies.evaluate(acquisition, beliefs)
    var gradients = beliefs.featureGradients(
      byMean: evaluations.map(\.byMean), byVariance: evaluations.map(\.byVariance),
      byInnovations: posterior.pendingCount == 0
        ? nil
        : Matrix(
          rows: posterior.pendingCount, columns: points.count,
          elements: evaluations.flatMap(\.byInnovations)))
    let penalties = avoidance?.evaluate(at: inputs)
    if let penalties { gradients.axpy(1, penalties.featureGradients) }
    return points.indices.map { index in
      (
        evaluations[index].value + (penalties?.values[index] ?? 0),
        encoding.pullback(gradients.column(index), at: points[index])
      )
    }
  }
}
