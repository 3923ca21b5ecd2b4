/// Where a training stands: all that is needed to go on with the same steps to the last bit.
public struct SelfTuningState: Hashable, Sendable, Codable {
  /// The parameters of the network.
  public internal(set) var parameters: [Double]
  /// λ and its perturbations.
  public internal(set) var tuned: PerturbedHyperparameters
  /// The steps of the weights taken.
  public internal(set) var step = 0
  /// The steps of the hyperparameters taken.
  public internal(set) var validationStep = 0
  /// The steps taken since it was last the other's turn.
  var turn = 0
  var optimiser: Optimiser.State
  var responseOptimiser: Optimiser.State
  /// What was done so far.
  public internal(set) var schedule: Schedule

  /// λ, one number for each hyperparameter.
  public var lambda: [Double] { tuned.lambda }
  /// ς of perturbations with standard deviations log(1 + e^ς).
  public var rawDeviations: [Double] { tuned.rawDeviations }
}

extension SelfTuningState {
  func isSound(parameters p: Int, hyperparameters k: Int) -> Bool {
    parameters.count == p && tuned.isSound(k) && optimiser.isSound(p) && responseOptimiser.isSound(p)
      && [step, validationStep, turn].allSatisfy { (0..<1 << 50).contains($0) }
      && schedule.names.count == k && schedule.entries.allSatisfy { $0.values.count == k && $0.deviations.count == k }
      && parameters.allSatisfy(\.isFinite)
  }
}
