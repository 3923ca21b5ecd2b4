/// The mean of a Gaussian process before any data.
public enum PriorMean: Sendable {
  /// The number that makes the observations most likely (generalised least squares): 1ᵀC⁻¹y / 1ᵀC⁻¹1.
  case profiled
  /// A number that is given, in units of the targets.
  case fixed(Double)
  /// A function that was fitted before; the process models what it leaves over.
  case function(any MeanFunction)

  /// What a function leaves over of the targets, [n]; the targets themselves where the mean is a number.
  func residuals(_ observations: Observations) -> [Double] {
    guard case .function(let function) = self else { return observations.targets }
    return zip(observations.targets, function.values(at: observations.inputs)).map { $0 - $1 }
  }
}
