import Foundation
import NumericalMethods
import TuningModel

/// A network that tunes its hyperparameters while it is trained once.
///
/// Steps of the weights, by the training loss with perturbed hyperparameters, alternate with steps of the hyperparameters,
/// by the validation loss through the weights' response. The training loss is never differentiated by hyperparameters, so
/// that they may be whole numbers, or probabilities of what is drawn.
/// - Source: MacKay, Vicol, Lorraine, Duvenaud, Grosse 2019, "Self-tuning networks: bilevel optimization of hyperparameters
///   using structured best-response functions", algorithm 1; Bae and Grosse 2020, "Delta-STN", algorithm 1.
public struct SelfTuningTraining: Sendable {
  /// The network, with the response that the method needs.
  public let network: Network
  /// The settings.
  public let settings: SelfTuningSettings
  /// Where it stands, to be saved.
  public internal(set) var state: SelfTuningState

  let training, validation: LabelledExamples
  let elementary, responding: [Range<Int>]
  var trainingBatches, validationBatches: MiniBatches

  /// Begins a training, or goes on with one.
  ///
  /// - Parameters:
  ///   - input: the shape of an example.
  ///   - layers: the network; the last has as many outputs as there are classes.
  ///   - settings: how it is trained.
  ///   - training: the examples that weights are trained on.
  ///   - validation: those that hyperparameters are judged by.
  ///   - state: of a training with the same of all that, to go on with; nil to begin.
  /// - Throws: `invalid` for what does not fit.
  public init(
    input: ImageShape, layers: [LayerDescription], settings: SelfTuningSettings, training: LabelledExamples,
    validation: LabelledExamples, from state: SelfTuningState? = nil
  ) throws(BestResponseError) {
    let k = settings.hyperparameters.count
    let description = NetworkDescription(
      input: input, layers: layers, responds: settings.method == .fixed ? 0 : k,
      hasScale: settings.method == .selfTuning, gateDeviation: settings.method == .delta ? 0 : 0.01)
    let network = try Network(description)
    try settings.check(description)
    for examples in [training, validation] {
      guard examples.inputs.rows == input.count else { throw .invalid("An example has \(input.count) numbers.") }
      guard examples.labels.allSatisfy({ $0 < network.outputCount }) else {
        throw .invalid("There are \(network.outputCount) classes.")
      }
    }
    self.network = network
    self.settings = settings
    self.training = training
    self.validation = validation
    trainingBatches = MiniBatches(count: training.count, size: settings.batch, seed: settings.seed, purpose: .design)
    validationBatches = MiniBatches(
      count: validation.count, size: settings.validationBatch, seed: settings.seed, purpose: .decision)
    (elementary, responding) = (network.ranges(response: false), network.ranges(response: true))
    if let state {
      guard state.isSound(parameters: network.parameterCount, hyperparameters: k) else {
        throw .invalid("The state is of another training.")
      }
      self.state = state
      return
    }
    var random = RandomStream(seed: settings.seed, trial: 0, purpose: .fitting)
    self.state = SelfTuningState(
      parameters: network.initialParameters(using: &random),
      tuned: PerturbedHyperparameters(
        at: settings.hyperparameters.map { $0.coordinate(of: $0.start) }, deviation: settings.deviation),
      optimiser: Optimiser.State(count: network.parameterCount),
      responseOptimiser: Optimiser.State(count: network.parameterCount),
      schedule: Schedule(names: settings.hyperparameters.map(\.name)))
  }

  /// The hyperparameters in their own units.
  public var values: [Double] { zip(settings.hyperparameters, state.lambda).map { $0.value(at: $1) } }

  /// The standard deviations of perturbations of λ.
  public var deviations: [Double] { state.tuned.deviations }

  /// Puts the hyperparameters at values from the next step on, as when a schedule is gone through again.
  ///
  /// - Parameter values: one for each, in its own units; those at the ends of an interval are moved inside by a millionth.
  /// - Throws: `invalid` where the number differs, or a value lies outside of its range.
  public mutating func set(_ values: [Double]) throws(BestResponseError) {
    guard values.count == state.lambda.count else {
      throw .invalid("There are \(state.lambda.count) hyperparameters.")
    }
    for (hyperparameter, value) in zip(settings.hyperparameters, values) {
      try TunedHyperparameter(hyperparameter.name, hyperparameter.transformation, start: value).check()
    }
    state.tuned.lambda = zip(settings.hyperparameters, values).map { $0.coordinate(of: $1) }
  }

  /// Takes one step, of the weights or of the hyperparameters.
  ///
  /// - Returns: the step as it stands in the schedule.
  /// - Throws: `notFinite` where the training has diverged; the state is that before the step.
  @discardableResult
  public mutating func advance() throws(BestResponseError) -> Schedule.Entry {
    // The schedule stays out of the copy that a failure goes back to, so that it is never copied.
    var schedule = Schedule(names: [])
    swap(&schedule, &state.schedule)
    defer { swap(&schedule, &state.schedule) }
    let before = state
    let tunes =
      settings.method != .fixed && settings.validationSteps > 0 && !settings.hyperparameters.isEmpty
      && state.step >= max(settings.warmUp, 1)
    let isValidation = tunes && state.turn >= settings.trainingSteps
    let loss: Double
    if isValidation {
      loss = tune()
      state.validationStep += 1
      state.turn += 1
      if state.turn >= settings.trainingSteps + settings.validationSteps { state.turn = 0 }
    } else {
      loss = train()
      state.step += 1
      state.turn = state.step > settings.warmUp ? state.turn + 1 : 0
    }
    let entry = Schedule.Entry(
      step: state.step, isValidation: isValidation, values: values, deviations: deviations, loss: loss)
    guard isSound(after: loss, moved: !isValidation) else {
      state = before
      throw .notFinite("The loss of step \(before.step)")
    }
    if !isValidation { recycle(before) }
    schedule.entries.append(entry)
    return entry
  }

  /// Whether nothing overflowed in a step, of the weights where they moved.
  private func isSound(after loss: Double, moved: Bool) -> Bool {
    loss.isFinite && state.tuned.isFinite && (!moved || state.parameters.areFinite)
  }

  /// How the validation loss responds after some steps of the weights, for those who tune λ elsewhere.
  public struct Response: Hashable, Sendable {
    /// The mean loss over validation steps, at perturbed λ; nil without one.
    public var loss: Double?
    /// The sums over validation steps of the derivatives of the loss by λ and σ, without the entropy's; k numbers each.
    public var byLambda, byDeviation: [Double]
  }

  /// Takes steps of the weights at λ that are tuned elsewhere, and tells how the validation loss responds to them.
  ///
  /// The schedule has all of it. Where one step of λ follows each turn with one validation step, and turns have the
  /// settings' numbers of steps, this is the training that `advance` goes through, to the last bit.
  /// - Parameters:
  ///   - lambda: k numbers.
  ///   - deviations: σ of perturbations, k numbers above 0.
  ///   - trainingSteps: the steps of the weights.
  ///   - validationSteps: the batches whose derivatives are added up.
  /// - Throws: `invalid` where numbers are missing or hyperparameters stay; `notFinite` where the training has diverged,
  ///   with the state that was before.
  public mutating func respond(
    at lambda: [Double], deviations: [Double], trainingSteps: Int, validationSteps: Int
  ) throws(BestResponseError) -> Response {
    let k = settings.hyperparameters.count
    guard settings.method != .fixed, lambda.count == k, deviations.count == k, (lambda + deviations).areFinite,
      deviations.allSatisfy({ $0 > 0 }), (0..<1 << 40).contains(trainingSteps), (0..<1 << 40).contains(validationSteps)
    else { throw .invalid("There are a finite λ and a σ above 0 for each of \(k) hyperparameters that are tuned.") }
    var schedule = Schedule(names: [])
    swap(&schedule, &state.schedule)
    defer { swap(&schedule, &state.schedule) }
    let before = state
    state.tuned = PerturbedHyperparameters(at: lambda, deviations: deviations)
    var entries: [Schedule.Entry] = []
    var response = Response(byLambda: lambda.map { _ in 0 }, byDeviation: lambda.map { _ in 0 })
    for index in 0..<trainingSteps + validationSteps {
      let loss: Double
      if index < trainingSteps {
        loss = train()
        state.step += 1
      } else {
        let judged = judge()
        loss = judged.loss
        state.validationStep += 1
        response.loss = (response.loss ?? 0) + loss / Double(validationSteps)
        for j in 0..<k {
          response.byLambda[j] += judged.byLambda[j]
          response.byDeviation[j] += judged.byDeviation[j]
        }
      }
      guard isSound(after: loss, moved: index < trainingSteps), (response.byLambda + response.byDeviation).areFinite
      else {
        state = before
        throw .notFinite("The loss of step \(before.step + min(index, trainingSteps))")
      }
      entries.append(
        Schedule.Entry(
          step: state.step, isValidation: index >= trainingSteps, values: values, deviations: deviations, loss: loss))
    }
    if trainingSteps > 0 { recycle(before) }
    schedule.entries += entries
    return response
  }

  /// The mean loss of examples and the share of wrong classes, with the weights at λ and nothing dropped.
  public func evaluate(_ examples: LabelledExamples) -> (loss: Double, error: Double) {
    var none = RandomStream(seed: settings.seed, trial: 0)
    let lambda = settings.method == .selfTuning ? repeated(state.lambda, examples.count) : nil
    let trace = network.forward(state.parameters, examples.inputs, response: lambda, using: &none)
    defer {
      network.recycle(trace)
      network.pool.give(lambda)
    }
    let losses = SoftmaxCrossEntropy.evaluate(trace.output, examples.labels).losses
    return (losses.reduce(0, +) / Double(losses.count), SoftmaxCrossEntropy.error(trace.output, examples.labels))
  }

  /// The same column so many times.
  func repeated(_ column: [Double], _ count: Int) -> Matrix {
    var result = network.pool.zeros(rows: column.count, columns: count)
    result.addToColumns(column)
    return result
  }

  /// Takes back what a step of the weights replaced.
  private func recycle(_ before: SelfTuningState) {
    network.pool.give(before.parameters)
    settings.optimiser.recycle(before.optimiser, network.pool)
    if settings.method == .delta { settings.responseOptimiser.recycle(before.responseOptimiser, network.pool) }
  }
}
