/// What a Gaussian process expects at a point before it is conditioned on any data.
public protocol MeanFunction: Sendable {
  /// The values at m points, [m], finite, in units of the targets.
  func values(at points: Inputs) -> [Double]

  /// The gradient at one point by its features, [p]; 0 where the function is piecewise constant.
  func featureGradient(at point: Inputs) -> [Double]
}
