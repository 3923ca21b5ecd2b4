public import TuningModel

/// How a network is trained while its hyperparameters are tuned.
public struct SelfTuningSettings: Hashable, Sendable, Codable {
  /// Which response the weights have.
  public enum Method: String, Hashable, Sendable, Codable, CaseIterable {
    /// Weights are functions of λ, and trained at perturbed λ.
    case selfTuning = "stn"
    /// Weights are trained at λ itself; a linearised response to the distance from λ is trained beside them.
    case delta = "delta_stn"
    /// Hyperparameters stay as they start.
    case fixed
  }

  /// Which response the weights have.
  public var method = Method.selfTuning
  /// The hyperparameters that are tuned.
  public var hyperparameters: [TunedHyperparameter]
  /// Penalties on weights.
  public var weightDecays: [WeightDecay] = []
  /// How far labels are smoothed; nil for not at all.
  public var labelSmoothing: Setting?
  /// The examples of a step of the weights.
  public var batch = 64
  /// The examples of a step of the hyperparameters.
  public var validationBatch = 64
  /// Steps of the weights before any of the hyperparameters.
  public var warmUp = 0
  /// Steps of the weights in a turn.
  public var trainingSteps = 2
  /// Steps of the hyperparameters after them.
  public var validationSteps = 1
  /// How the weights move.
  public var optimiser = Optimiser.momentum(rate: 0.05)
  /// How the response moves where it has steps of its own, in `delta`.
  public var responseOptimiser = Optimiser.momentum(rate: 0.05)
  /// How λ and its perturbations move.
  public var tuningOptimiser = Optimiser.adam(rate: 0.01)
  /// The standard deviation of perturbations of λ to begin with.
  public var deviation = 0.5
  /// Whether it is learned.
  public var learnsDeviation = true
  /// τ, the weight of the entropy that keeps perturbations from vanishing.
  public var entropyWeight = 1e-3
  /// The most that the length of a gradient of the weights may be; longer ones are shortened.
  public var gradientLimit = Double.greatestFiniteMagnitude
  /// The seed of everything that is drawn.
  public var seed: StudySeed = 1

  /// Creates settings with defaults.
  public init(hyperparameters: [TunedHyperparameter]) { self.hyperparameters = hyperparameters }

  func check(_ network: NetworkDescription) throws(BestResponseError) {
    for hyperparameter in hyperparameters { try hyperparameter.check() }
    guard batch > 0, validationBatch > 0, (0..<1 << 50).contains(warmUp),
      (1..<1 << 50).contains(trainingSteps), (0..<1 << 50).contains(validationSteps)
    else {
      throw .invalid("A batch has at least one example, and steps are at least one.")
    }
    guard deviation > 0, deviation.isFinite, entropyWeight >= 0, entropyWeight.isFinite, gradientLimit > 0 else {
      throw .invalid("A standard deviation is above 0, the weight of the entropy from 0.")
    }
    var settings = weightDecays.map(\.rate) + [labelSmoothing].compactMap(\.self)
    for layer in network.layers {
      switch layer {
      case .dropout(let setting), .inputNoise(let setting): settings.append(setting)
      case .cutout(let holes, let length): settings += [holes, length]
      case .dense, .convolution, .relu, .tanh, .maxPooling: break
      }
    }
    for case .tuned(let index) in settings where !hyperparameters.indices.contains(index) {
      throw .invalid("There is no hyperparameter \(index).")
    }
    for case .fixed(let value) in settings where !value.isFinite { throw .notFinite("A setting") }
    for decay in weightDecays {
      guard network.layers.indices.contains(decay.layer) else { throw .invalid("There is no layer \(decay.layer).") }
      switch network.layers[decay.layer] {
      case .dense, .convolution: break
      default: throw .invalid("Layer \(decay.layer) has no weights to penalise.")
      }
    }
  }
}
