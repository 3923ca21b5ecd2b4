/// The mean of a Gaussian process before any data: the same number everywhere.
public enum ConstantMean: Hashable, Sendable {
  /// The number that makes the observations most likely (generalised least squares): 1ᵀC⁻¹y / 1ᵀC⁻¹1.
  case profiled
  /// A number that is given, in units of the targets.
  case fixed(Double)
}
