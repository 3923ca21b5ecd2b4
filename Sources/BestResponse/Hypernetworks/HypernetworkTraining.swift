import NumericalMethods
public import TuningModel

/// Hyperparameters tuned through a network that learns how weights respond to them.
///
/// The global method first learns the response to λ from a wide distribution, and then descends along the validation loss
/// of what it has learned; the local one alternates steps of the network, around the present λ, with steps of λ.
/// - Source: Lorraine and Duvenaud 2018, algorithms 2 and 3.
public struct HypernetworkTraining<Problem: ResponseProblem>: Sendable {
  /// How it is trained.
  public struct Settings: Hashable, Sendable, Codable {
    /// Where λ is drawn from to learn the response.
    public enum Method: Hashable, Sendable, Codable {
      /// From a normal distribution around the start; so many steps of the network come before any of λ.
      case global(deviation: Double = 1.5, steps: Int)
      /// From a normal distribution around the present λ; steps alternate.
      case local(deviation: Double = 0.003_162_277_660_168_379_5)
    }

    /// The method.
    public var method: Method
    /// How many λ are drawn for one step of the network.
    public var samples = 2
    /// How the network moves.
    public var optimiser = Optimiser.adam(rate: 1e-4)
    /// How λ moves.
    public var tuningOptimiser = Optimiser.adam(rate: 1e-2)
    /// The seed of everything that is drawn.
    public var seed: StudySeed = 1

    /// Creates settings with defaults.
    public init(_ method: Method) { self.method = method }
  }

  /// Where a training stands: all that is needed to go on with the same steps to the last bit.
  public struct State: Hashable, Sendable, Codable {
    /// φ.
    public internal(set) var parameters: [Double]
    /// λ.
    public internal(set) var lambda: [Double]
    /// The steps of the network and of λ.
    public internal(set) var step = 0, tuningStep = 0
    var optimiser: Optimiser.State
    var tuningOptimiser: Optimiser.State
  }

  /// What is trained and judged.
  public let problem: Problem
  /// The network from λ to weights.
  public let hypernetwork: Hypernetwork
  /// The settings.
  public let settings: Settings
  /// Where it stands, to be saved.
  public private(set) var state: State
  private let start: [Double]

  /// Begins a training, or goes on with one.
  ///
  /// - Parameters:
  ///   - start: λ to begin with, d numbers.
  ///   - state: of a training with the same of all that, to go on with; nil to begin.
  /// - Throws: `invalid` for what does not fit.
  public init(
    _ problem: Problem, _ hypernetwork: Hypernetwork, start: [Double], settings: Settings, from state: State? = nil
  ) throws(BestResponseError) {
    let (d, network) = (problem.hyperparameterCount, hypernetwork.network)
    guard start.count == d, start.allSatisfy(\.isFinite), network.description.input.count == d else {
      throw .invalid("There are \(d) finite hyperparameters.")
    }
    guard network.outputCount == problem.weightCount else {
      throw .invalid("There are \(problem.weightCount) weights.")
    }
    guard settings.samples > 0 else { throw .invalid("A step draws at least one λ.") }
    (self.problem, self.hypernetwork, self.settings, self.start) = (problem, hypernetwork, settings, start)
    if let state {
      guard state.parameters.count == network.parameterCount, state.lambda.count == d,
        state.optimiser.isSound(network.parameterCount), state.tuningOptimiser.isSound(d),
        [state.step, state.tuningStep].allSatisfy({ (0..<1 << 50).contains($0) })
      else { throw .invalid("The state is of another training.") }
      self.state = state
      return
    }
    var random = RandomStream(seed: settings.seed, trial: 0, purpose: .fitting)
    self.state = State(
      parameters: network.initialParameters(using: &random), lambda: start,
      optimiser: Optimiser.State(count: network.parameterCount), tuningOptimiser: Optimiser.State(count: d))
  }

  /// The weights that answer λ.
  public func weights(at lambda: [Double]) -> [Double] {
    trace(Matrix(rows: lambda.count, columns: 1, elements: lambda)).output.elements
  }

  private func trace(_ lambda: Matrix) -> Network.Trace {
    var none = RandomStream(seed: settings.seed, trial: 0)
    return hypernetwork.network.forward(state.parameters, lambda, using: &none)
  }

  /// Takes one step, of the network or of λ.
  ///
  /// - Returns: whether λ moved, and the loss of the batch.
  /// - Throws: `notFinite` where the training has diverged; the state is that before the step.
  @discardableResult
  public mutating func advance() throws(BestResponseError) -> (tuned: Bool, loss: Double) {
    let before = state
    let tunes =
      switch settings.method {
      case .global(_, let steps): state.step >= steps
      case .local: state.step > state.tuningStep
      }
    let loss = tunes ? tune() : learn()
    guard loss.isFinite, state.parameters.areFinite, state.lambda.areFinite else {
      state = before
      throw .notFinite("The loss of step \(before.step)")
    }
    let pool = hypernetwork.network.pool
    if tunes {
      settings.tuningOptimiser.recycle(before.tuningOptimiser, pool)
    } else {
      pool.give(before.parameters)
      settings.optimiser.recycle(before.optimiser, pool)
    }
    return (tunes, loss)
  }

  private mutating func learn() -> Double {
    var random = RandomStream(seed: settings.seed, trial: state.step + 1, purpose: .perturbation)
    let (centre, deviation) =
      switch settings.method {
      case .global(let deviation, _): (start, deviation)
      case .local(let deviation): (state.lambda, deviation)
      }
    let drawn = (0..<settings.samples).map { _ in centre.map { $0 + deviation * random.normal() } }
    let inputs = Matrix(rows: start.count, columns: drawn.count, elements: drawn.flatMap(\.self))
    let trace = trace(inputs)
    var slope = trace.output
    var loss = 0.0
    for (j, lambda) in drawn.enumerated() {
      let (value, gradient) = problem.training(trace.output.column(j), lambda, batch: state.step)
      loss += value / Double(drawn.count)
      slope.setColumn(j, to: gradient.map { $0 / Double(drawn.count) })
    }
    let pool = hypernetwork.network.pool
    var gradient = pool.zeros(state.parameters.count)
    hypernetwork.network.backward(state.parameters, trace, slope, into: &gradient)
    hypernetwork.network.recycle(trace)
    defer { pool.give(gradient) }
    state.parameters = pool.copy(of: state.parameters)
    settings.optimiser.detach(&state.optimiser, pool)
    settings.optimiser.step([0..<gradient.count], &state.parameters, gradient, &state.optimiser)
    state.step += 1
    return loss
  }

  private mutating func tune() -> Double {
    let trace = trace(Matrix(rows: start.count, columns: 1, elements: state.lambda))
    let (loss, slope) = problem.validation(trace.output.elements, batch: state.tuningStep)
    let pool = hypernetwork.network.pool
    var unused = pool.zeros(state.parameters.count)
    defer { pool.give(unused) }
    let byLambda = hypernetwork.network.backwardToInput(
      state.parameters, trace, Matrix(rows: slope.count, columns: 1, elements: slope), into: &unused)
    hypernetwork.network.recycle(trace)
    settings.tuningOptimiser.detach(&state.tuningOptimiser, pool)
    settings.tuningOptimiser.step([0..<start.count], &state.lambda, byLambda.elements, &state.tuningOptimiser)
    state.tuningStep += 1
    return loss
  }
}
