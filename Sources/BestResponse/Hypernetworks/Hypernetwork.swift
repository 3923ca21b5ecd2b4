import NumericalMethods

/// A network that gives weights for hyperparameters: w_φ(λ), an approximation of the best response to λ.
///
/// - Source: Lorraine and Duvenaud 2018, "Stochastic hyperparameter optimization through hypernetworks".
public struct Hypernetwork: Sendable {
  /// The network from λ to weights.
  public let network: Network

  /// Makes a network.
  ///
  /// - Parameters:
  ///   - hyperparameters: the number d of hyperparameters.
  ///   - weights: the number p of weights.
  ///   - hidden: the units of layers between.
  ///   - isLinear: whether these pass on what they sum up, so that the response is a factorised affine map.
  /// - Throws: `invalid`.
  public init(hyperparameters: Int, weights: Int, hidden: [Int], isLinear: Bool = false) throws(BestResponseError) {
    let layers = hidden.flatMap { isLinear ? [LayerDescription.dense($0)] : [.dense($0), .tanh] } + [.dense(weights)]
    network = try Network(NetworkDescription(input: .vector(hyperparameters), layers: layers))
  }
}

/// What weights are trained and judged by, for methods that learn how weights respond to hyperparameters.
public protocol ResponseProblem: Sendable {
  /// The number p of weights.
  var weightCount: Int { get }
  /// The number d of hyperparameters.
  var hyperparameterCount: Int { get }

  /// The training loss h on a batch and its gradient by the weights.
  func training(_ weights: [Double], _ lambda: [Double], batch: Int) -> (value: Double, gradient: [Double])

  /// The validation loss g on a batch and its gradient by the weights.
  func validation(_ weights: [Double], batch: Int) -> (value: Double, gradient: [Double])
}
