/// What is known of the noise in the targets.
public enum NoiseModel: Hashable, Sendable {
  /// Its variance is fitted, and is at least `floor`.
  case learned(floor: Double)
  /// Its variance is given, in squared units of the targets; positive.
  case fixed(Double)

  /// The smallest variance that a single observation may have.
  var smallestVariance: Double {
    switch self {
    case .learned(let floor): floor
    case .fixed(let variance): min(variance, 1e-8)
    }
  }
}
