import NumericalMethods

/// What was measured: n targets at n inputs.
public struct Observations: Sendable {
  /// The inputs.
  public private(set) var inputs: Inputs
  /// The targets, [n], finite.
  public private(set) var targets: [Double]
  /// The noise variances of single observations where they are known, [n], in squared units of the targets; the
  /// model's own noise elsewhere.
  public private(set) var knownNoiseVariances: [Double?]

  /// Creates observations.
  public init(_ inputs: Inputs, targets: [Double], knownNoiseVariances: [Double?]? = nil) {
    let known = knownNoiseVariances ?? Array(repeating: nil, count: targets.count)
    precondition(targets.count == inputs.count && known.count == inputs.count, "One target for each input")
    self.inputs = inputs
    self.targets = targets
    self.knownNoiseVariances = known
  }

  /// The number of observations n.
  public var count: Int { targets.count }

  /// These observations and then the others.
  public func appending(_ others: Observations) -> Observations {
    Observations(
      inputs.appending(others.inputs), targets: targets + others.targets,
      knownNoiseVariances: knownNoiseVariances + others.knownNoiseVariances)
  }

  /// So many of the observations, evenly spread over their order.
  func spread(_ limit: Int) -> Observations {
    guard limit > 0, count > limit else { return self }
    let indices = (0..<limit).map { $0 * count / limit }
    return Observations(
      inputs.points(at: indices), targets: indices.map { targets[$0] },
      knownNoiseVariances: indices.map { knownNoiseVariances[$0] })
  }

  /// The noise variance of each observation; `own` is the model's.
  func noiseVariances(_ own: Double, _ noise: NoiseModel) -> [Double] {
    knownNoiseVariances.map { $0.map { max($0, noise.smallestVariance) } ?? own }
  }
}
