import NumericalMethods

/// The mean cross-entropy of a multilayer perceptron on validation rows; `PerceptronTraining` makes it.
public struct PerceptronLoss: UpperLevelLoss {
  private let network: Perceptron
  private let design: Matrix
  private let labels: [Int]

  /// Whether g is convex in x.
  public var isConvex: Bool { false }

  init(_ network: Perceptron, design: Matrix, labels: [Int]) throws(BilevelError) {
    try DataChecks.design(design, targets: labels.count, of: "validation")
    try DataChecks.classes(labels, count: network.units[network.units.count - 1])
    guard design.columns == network.units[0] else {
      throw .invalidData("Training and validation rows differ in their number of columns.")
    }
    self.network = network
    self.design = design
    self.labels = labels
  }

  /// The value of g and its gradients.
  public func evaluate(at x: [Double], theta: [Double]) -> UpperLevelEvaluation {
    let layers = network.layers(x)
    let pass = network.pass(design, labels: labels, layers)
    return UpperLevelEvaluation(
      value: pass.losses.reduce(0, +) / Double(labels.count),
      gradient: network.gradient(pass, network.sensitivities(pass, labels: labels, layers)))
  }

  /// Not known.
  public var greatestGradientLipschitz: Double? { nil }

  /// Not known.
  public func gradientLipschitz(at theta: [Double]) -> Double? { nil }
}
