/// The correlations that can be chosen; the raw values are the names in options.
public enum CorrelationKind: String, Hashable, Sendable, CaseIterable {
  /// Twice differentiable functions.
  case matern52
  /// Functions with kinks.
  case matern32
  /// Functions that are smooth without end (the squared exponential).
  case rbf

  /// The correlation.
  public var correlation: any RadialCorrelation {
    switch self {
    case .matern52: Matern52()
    case .matern32: Matern32()
    case .rbf: SquaredExponential()
    }
  }
}
