import NumericalMethods

/// The prior means that can be chosen; the raw values are the names in options.
///
/// All but `constant` are fitted to the targets before the hyperparameters and stay as they are; the process then models
/// the residuals. Targets are minimised, so that the worst one is the largest. Penalties and widths are chosen by leaving one
/// out, where the source has five folds: this needs one decomposition, and no order of the observations.
/// - Source: De Ath, Fieldsend, Everson 2020, "What do you mean? The role of the mean function in Bayesian optimisation";
///   `constant` is Rasmussen, Williams 2006, eq. 2.42 with a constant basis.
public enum MeanFunctionKind: String, Hashable, Sendable, CaseIterable {
  /// The most likely constant under the process itself (generalised least squares).
  case constant
  /// The arithmetic mean of the targets.
  case arithmetic
  /// Their median.
  case median
  /// The best of them.
  case minimum
  /// The worst of them: unknown places are believed to be bad, which favours exploitation.
  case worst
  /// A linear function, by ridge regression.
  case linear
  /// A quadratic function, by ridge regression (`PolynomialMean`).
  case quadratic
  /// A forest of extremely randomised trees (`RandomForest`).
  case randomForest = "random_forest"
  /// Gaussian bumps of one width, by ridge regression (`RBFNetwork`).
  case rbfNetwork = "rbf_network"

  /// The mean for these observations.
  ///
  /// - Parameters:
  ///   - observations: targets and inputs; known noise variances have no influence.
  ///   - random: grows the forest; the other kinds leave it alone.
  /// - Complexity: none to O(n log n) for constants; see the types for the others.
  public func fitted(to observations: Observations, using random: inout some RandomNumberGenerator) -> PriorMean {
    let targets = observations.targets
    guard !targets.isEmpty else { return self == .constant ? .profiled : .fixed(0) }
    switch self {
    case .constant: return .profiled
    case .arithmetic: return .fixed(targets.reduce(0) { $0 + $1 / Double(targets.count) })
    case .median: return .fixed(quantile(0.5, ofSorted: targets.sorted()))
    case .minimum: return .fixed(targets.reduce(.infinity, min))
    case .worst: return .fixed(targets.reduce(-.infinity, max))
    case .linear: return .function(PolynomialMean(.linear, fittedTo: observations))
    case .quadratic: return .function(PolynomialMean(.quadratic, fittedTo: observations))
    case .randomForest: return .function(RandomForest(fittedTo: observations, using: &random))
    case .rbfNetwork: return .function(RBFNetwork(fittedTo: observations))
    }
  }
}
