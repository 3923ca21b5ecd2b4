package import GaussianProcesses
import NumericalMethods

/// A function drawn from the posterior with its sign turned, in units of the targets.
package struct PathSurface: SearchSurface {
  private let encoding: SurrogateEncoding
  private let path: PosteriorPath
  private let avoidance: FailureAvoidance?
  package let lengthscales: [Double]

  package init(
    encoding: SurrogateEncoding, process: GaussianProcess, path: PosteriorPath, avoidance: FailureAvoidance?
  ) {
    self.encoding = encoding
    self.path = path
    self.avoidance = avoidance
    lengthscales = encoding.lengthscales(process.hyperparameters)
  }

  package func values(at points: [[Double]]) -> [Double] {
    guard !points.isEmpty else { return [] }
    let inputs = encoding.inputs(points)
    var values = path.values(at: inputs).map { -$0 }
    if let penalties = avoidance?.values(at: inputs) { values = zip(values, penalties).map { $0 + $1 } }
    return values.map { $0.isNaN ? -.infinity : $0 }
  }

  package func evaluate(at points: [[Double]]) -> [(value: Double, gradient: [Double])] {
    guard !points.isEmpty else { return [] }
    let penalties = avoidance?.evaluate(at: encoding.inputs(points))
    return points.indices.map { index in
      let (height, slopes) = path.evaluate(at: encoding.inputs([points[index]]))
      var gradient = slopes.map { -$0 }
      if let penalties { gradient = zip(gradient, penalties.featureGradients.column(index)).map { $0 + $1 } }
      return (
        (penalties?.values[index] ?? 0) - height, encoding.pullback(gradient, at: points[index])
      )
    }
  }
}
