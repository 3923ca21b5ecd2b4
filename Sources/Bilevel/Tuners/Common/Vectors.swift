import NumericalMethods

/// The Euclidean distance of two points.
func distance(_ a: [Double], _ b: [Double]) -> Double { euclideanNorm(zip(a, b).map { $0 - $1 }) }

extension BoxBounds {
  /// Where a step along −z of length α leads, back in the box.
  func stepping(from point: [Double], along z: [Double], _ alpha: Double) -> [Double] {
    projecting(zip(point, z).map { $0 - alpha * $1 })
  }

  /// The Euclidean length of the step to the projection of `point − z`: zero exactly where the point is stationary.
  func stationarity(at point: [Double], _ z: [Double]) -> Double { distance(stepping(from: point, along: z, 1), point) }
}
