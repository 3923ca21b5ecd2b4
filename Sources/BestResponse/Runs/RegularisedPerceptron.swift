/// A perceptron with what regularises it, each of that tuned or known.
public struct RegularisedPerceptron: Hashable, Sendable {
  /// Something that keeps a network from fitting its training examples too well.
  public enum Regulariser: String, Hashable, Sendable, Codable, CaseIterable {
    /// A dropout after each hidden layer, each of its own.
    case dropout
    /// One before the first layer.
    case inputDropout = "input_dropout"
    /// Normal noise that is added to inputs.
    case inputNoise = "input_noise"
    /// A penalty on the weights of all layers.
    case weightDecay = "weight_decay"
    /// A penalty on the weights of each layer.
    case layerWeightDecay = "layer_weight_decay"
    /// The share of a label that is spread over all classes.
    case labelSmoothing = "label_smoothing"

    /// Which values it may take when it is tuned.
    public var transformation: TunedHyperparameter.Transformation {
      switch self {
      case .dropout, .inputDropout: .interval(low: 0, high: 0.9)
      case .inputNoise: .interval(low: 0, high: 1)
      case .weightDecay, .layerWeightDecay: .logInterval(low: 1e-7, high: 0.1)
      case .labelSmoothing: .interval(low: 0, high: 0.5)
      }
    }

    /// Where it starts where nobody says.
    public var start: Double {
      switch self {
      case .dropout, .inputDropout, .inputNoise: 0.05
      case .weightDecay, .layerWeightDecay: 1e-4
      case .labelSmoothing: 0.02
      }
    }
  }

  /// The layers.
  public private(set) var layers: [LayerDescription] = []
  /// What is tuned.
  public private(set) var hyperparameters: [TunedHyperparameter] = []
  /// The penalties.
  public private(set) var weightDecays: [WeightDecay] = []
  /// The smoothing; nil for none.
  public private(set) var labelSmoothing: Setting?

  /// Puts a perceptron together.
  ///
  /// - Parameters:
  ///   - hidden: the units in each hidden layer.
  ///   - classes: the number of classes.
  ///   - tuned: what is tuned.
  ///   - starts: where that starts, by the name of the regulariser or of one of its hyperparameters, such as `dropout_2`.
  ///   - known: the values of others, likewise by name; what is not named is left out.
  /// - Throws: `invalid` for names and values that mean nothing.
  public init(
    hidden: [Int], classes: Int, tuned: [Regulariser], starts: [String: Double] = [:], known: [String: Double] = [:]
  ) throws(BestResponseError) {
    guard !hidden.isEmpty, hidden.allSatisfy({ $0 > 0 }) else {
      throw .invalid("There is at least one hidden layer, and each has at least one unit.")
    }
    var assembly = Assembly(tuned: Set(tuned), starts: starts, known: known)
    if let noise = try assembly.setting(.inputNoise) { layers.append(.inputNoise(noise)) }
    if let dropout = try assembly.setting(.inputDropout) { layers.append(.dropout(dropout)) }
    var dense: [Int] = []
    for (index, units) in hidden.enumerated() {
      dense.append(layers.count)
      layers += [.dense(units), .relu]
      if let dropout = try assembly.setting(.dropout, index + 1) { layers.append(.dropout(dropout)) }
    }
    dense.append(layers.count)
    layers.append(.dense(classes))
    if let rate = try assembly.setting(.weightDecay) {
      weightDecays = dense.map { WeightDecay(layer: $0, rate: rate) }
    }
    for (index, layer) in dense.enumerated() {
      guard let rate = try assembly.setting(.layerWeightDecay, index + 1) else { continue }
      weightDecays.append(WeightDecay(layer: layer, rate: rate))
    }
    labelSmoothing = try assembly.setting(.labelSmoothing)
    if let name = Set(starts.keys).union(known.keys).subtracting(assembly.used).min() {
      let names = assembly.names.joined(separator: ", ")
      throw .invalid("There is nothing called \(name) to start or to be known here; there are \(names).")
    }
    hyperparameters = assembly.hyperparameters
  }

  /// What settings come from.
  private struct Assembly {
    let tuned: Set<Regulariser>
    let starts, known: [String: Double]
    var hyperparameters: [TunedHyperparameter] = []
    var used: Set<String> = []
    var names: [String] = []

    /// The setting of a regulariser, or of its part for one layer; nil where there is none of it.
    mutating func setting(_ kind: Regulariser, _ part: Int? = nil) throws(BestResponseError) -> Setting? {
      let name = kind.rawValue + (part.map { "_\($0)" } ?? "")
      let isTuned = tuned.contains(kind)
      for candidate in [kind.rawValue, name] where !names.contains(candidate) { names.append(candidate) }
      let given = isTuned ? starts : known
      used.formUnion(given.keys.filter { $0 == kind.rawValue || $0 == name })
      let value = given[name] ?? given[kind.rawValue]
      guard isTuned else {
        guard let value, value != 0 else { return nil }
        let ceiling: Double =
          switch kind {
          case .dropout, .inputDropout: 0.999
          case .labelSmoothing: 1
          case .inputNoise, .weightDecay, .layerWeightDecay: 1e6
          }
        guard (0...ceiling).contains(value) else { throw .invalid("\(name) is a number from 0 to \(ceiling).") }
        return .fixed(value)
      }
      let hyperparameter = TunedHyperparameter(name, kind.transformation, start: value ?? kind.start)
      try hyperparameter.check()
      hyperparameters.append(hyperparameter)
      return .tuned(hyperparameters.count - 1)
    }
  }
}
