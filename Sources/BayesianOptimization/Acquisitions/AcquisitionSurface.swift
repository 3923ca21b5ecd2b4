package import GaussianProcesses
import NumericalMethods
import TuningModel

/// A function on the encoded space that is to be maximised.
package protocol SearchSurface: Sendable {
  /// For each coordinate of the encoded space a typical length over which the function changes.
  var lengthscales: [Double] { get }

  /// The values at m points; −∞ where there is none.
  func values(at points: [[Double]]) -> [Double]

  /// The value at a point and its gradient by the coordinates; 0 for coordinates without order.
  func evaluate(at point: [Double]) -> (value: Double, gradient: [Double])
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

  package var lengthscales: [Double] {
    var result = [Double](repeating: 1, count: encoding.encoding.dimension)
    for (index, slot) in encoding.slots.enumerated() {
      result[slot] = min(max(posterior.process.hyperparameters.lengthscale(index), 0.01), 1)
    }
    return result
  }

  package func values(at points: [[Double]]) -> [Double] {
    guard !points.isEmpty else { return [] }
    let inputs = encoding.inputs(points)
    var values = fantasies.values(acquisition, posterior.moments(at: inputs))
    if let penalties = avoidance?.values(at: inputs) { values = zip(values, penalties).map { $0 + $1 } }
    return values.map { $0.isNaN ? -.infinity : $0 }
  }

  package func evaluate(at point: [Double]) -> (value: Double, gradient: [Double]) {
    let inputs = encoding.inputs([point])
    let belief = posterior.evaluate(at: inputs)
    let evaluation = fantasies.evaluate(acquisition, belief)
    var value = evaluation.value
    var gradient = belief.featureGradient(
      byMean: evaluation.byMean, byVariance: evaluation.byVariance, byInnovations: evaluation.byInnovations)
    if let penalty = avoidance?.evaluate(at: inputs) {
      value += penalty.values[0]
      gradient = zip(gradient, penalty.featureGradients.elements).map { $0 + $1 }
    }
    return (value, encoding.pullback(gradient, at: point))
  }
}
