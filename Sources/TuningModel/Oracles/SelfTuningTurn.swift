/// A few steps of the weights of a network that responds to its hyperparameters, and of what judges these.
///
/// The client disturbs λ for each example, λ + σ ⊙ n with n standard normal, trains with the hyperparameters that these
/// stand for, and tells how the validation loss depends on λ and σ through the weights' response.
/// - Source: MacKay, Vicol, Lorraine, Duvenaud, Grosse 2019, "Self-tuning networks: bilevel optimization of hyperparameters
///   using structured best-response functions", algorithm 1.
public struct SelfTuningTurn: Hashable, Sendable, Codable {
  /// λ: for each coordinate of the space a number on an unbounded scale.
  public var lambdas: [Double]
  /// σ, the standard deviations of perturbations of λ.
  public var sigmas: [Double]
  /// τ, the weight of the perturbations' entropy, which the tuner adds itself.
  public var tau: Double
  /// The steps of the weights.
  public var trainSteps: Int
  /// The batches of validation examples whose gradients are added up; none while the weights warm up.
  public var validationSteps: Int

  /// Creates a turn.
  public init(lambdas: [Double], sigmas: [Double], tau: Double, trainSteps: Int, validationSteps: Int) {
    self.lambdas = lambdas
    self.sigmas = sigmas
    self.tau = tau
    self.trainSteps = trainSteps
    self.validationSteps = validationSteps
  }
}

extension SelfTuningTurn {
  init?(reading object: JSONObjectReader) {
    let lambdas = object.required("lambdas")?.array()?.compactMap { $0.number() }
    let sigmas = object.required("sigmas")?.array()?.compactMap { $0.number() }
    let tau = object.required("tau")?.number()
    let trainSteps = object.required("train_steps")?.integer()
    let validationSteps = object.required("validation_steps")?.integer()
    guard let lambdas, let sigmas, let tau, let trainSteps, let validationSteps else { return nil }
    self.init(
      lambdas: lambdas, sigmas: sigmas, tau: tau, trainSteps: trainSteps, validationSteps: validationSteps)
  }

  var fields: [String: JSONValue] {
    [
      "lambdas": .array(lambdas.map(JSONValue.number)), "sigmas": .array(sigmas.map(JSONValue.number)),
      "tau": .number(tau), "train_steps": .integer(trainSteps), "validation_steps": .integer(validationSteps),
    ]
  }
}
