public import NumericalMethods

/// The training of a multilayer perceptron with tanh units and a quadratic penalty for each layer.
///
/// h = (1/n)·Σℓᵢ + ½·Σₗ e^{θₗ}·‖layer l‖², biases included. Not convex: solutions are local, depend on the start, and nothing
/// is certified. The variables hold of each layer the weights, out × in and column by column, then the biases.
public struct PerceptronTraining: LowerLevelProblem {
  private let network: Perceptron
  private let design: Matrix
  private let labels: [Int]
  private let penalty: QuadraticPenalty

  /// The coordinates of θ.
  public let hyperparameters: [Hyperparameter]
  /// The number p of variables x.
  public var variableCount: Int { network.variableCount }

  /// Where a cold start begins: weights drawn when the problem was made, no biases.
  public let coldStart: [Double]

  /// Creates a problem, and draws where training starts.
  ///
  /// - Parameters:
  ///   - design: A, n × f.
  ///   - labels: n of 0 to k − 1.
  ///   - classes: k ≥ 2.
  ///   - hidden: the number of units in each hidden layer.
  ///   - generator: draws the weights of the start, uniform within ±1/√inputs of their layer.
  /// - Throws: `invalidData` or `notFinite`.
  public init(
    design: Matrix, labels: [Int], classes: Int, hidden: [Int], using generator: inout some RandomNumberGenerator
  ) throws(BilevelError) {
    try DataChecks.design(design, targets: labels.count, of: "training")
    try DataChecks.classes(labels, count: classes)
    guard hidden.allSatisfy({ $0 > 0 }) else { throw .invalidData("A layer has at least one unit.") }
    network = Perceptron(units: [design.columns] + hidden + [classes])
    self.design = design
    self.labels = labels
    let groups = network.layerSizes.enumerated().flatMap { [Int](repeating: $0.offset, count: $0.element) }
    penalty = try QuadraticPenalty(.grouped(groups), weights: groups.count)
    hyperparameters = penalty.hyperparameters().map {
      Hyperparameter($0.name, .log, range: $0.range, start: -4)
    }
    var start: [Double] = []
    for l in network.units.indices.dropLast() {
      let width = 1 / Double(network.units[l]).squareRoot()
      for _ in 0..<network.units[l] * network.units[l + 1] {
        start.append(Double.random(in: -width...width, using: &generator))
      }
      start += [Double](repeating: 0, count: network.units[l + 1])
    }
    coldStart = start
  }

  /// The value of h; writes its gradient by x.
  public func evaluate(at x: [Double], theta: [Double], gradient: inout [Double]) -> Double {
    let layers = network.layers(x)
    let pass = network.pass(design, labels: labels, layers)
    gradient = network.gradient(pass, network.sensitivities(pass, labels: labels, layers))
    let loss = pass.losses.reduce(0, +) / Double(labels.count)
    return loss + penalty.add(at: x, weights: penalty.weights(theta), to: &gradient)
  }

  /// The gradient of h by θ at fixed x.
  public func hyperparameterGradient(at x: [Double], theta: [Double]) -> [Double] {
    penalty.hyperparameterGradient(at: x, theta: theta)
  }

  /// The second derivatives at a point, for any number of products.
  public func derivatives(at x: [Double], theta: [Double]) -> any SecondDerivatives {
    let (layers, weights) = (network.layers(x), penalty.weights(theta))
    let pass = network.pass(design, labels: labels, layers)
    return Derivatives(
      network: network, layers: layers, pass: pass,
      sensitivities: network.sensitivities(pass, labels: labels, layers), weights: weights,
      slopes: penalty.slopes(at: x, weights: weights), penalty: penalty)
  }

  /// What is known: nothing but how J changes, since the problem is not convex.
  public func constants(at theta: [Double]) -> SmoothnessConstants {
    SmoothnessConstants(crossLipschitz: penalty.weights(theta).max())
  }

  /// The loss of the same network on other rows.
  ///
  /// - Throws: `invalidData` or `notFinite`.
  public func loss(design: Matrix, labels: [Int]) throws(BilevelError) -> PerceptronLoss {
    try PerceptronLoss(network, design: design, labels: labels)
  }

  private struct Derivatives: SecondDerivatives {
    let network: Perceptron
    let layers: [Perceptron.Layer]
    let pass: Perceptron.Pass
    let sensitivities: [Matrix]
    let weights: [Double]
    let slopes: [Double]
    let penalty: QuadraticPenalty

    func hessianProduct(_ v: [Double]) -> [Double] {
      var product = network.hessianProduct(v, pass, sensitivities, layers)
      for j in v.indices { product[j] += weights[j] * v[j] }
      return product
    }

    func crossTransposeProduct(_ q: [Double]) -> [Double] { penalty.crossTransposeProduct(slopes: slopes, q) }

    var crossNorm: Double? { penalty.crossNorm(slopes: slopes) }
  }
}

extension PerceptronTraining {
  /// The share of rows that the network puts in a wrong class.
  func wrongShare(_ x: [Double], design: Matrix, labels: [Int]) -> Double {
    let probabilities = network.pass(design, labels: labels, network.layers(x)).probabilities
    return Bilevel.wrongShare(labels) { i in
      (0..<probabilities.columns).max { probabilities[i, $0] < probabilities[i, $1] } ?? 0
    }
  }
}
