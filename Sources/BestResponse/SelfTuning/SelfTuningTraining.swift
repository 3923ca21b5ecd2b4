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
  public private(set) var state: SelfTuningState

  private let training, validation: LabelledExamples
  private var trainingBatches, validationBatches: MiniBatches
  private let elementary, responding: [Range<Int>]

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
  private func repeated(_ column: [Double], _ count: Int) -> Matrix {
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

// MARK: Steps

extension SelfTuningTraining {
  /// λ of each example, disturbed: λ + σ ⊙ n, and n itself.
  private func perturbed(_ count: Int, _ random: inout RandomStream) -> (lambda: Matrix, noise: Matrix) {
    let (k, deviations) = (state.lambda.count, deviations)
    var noise = Matrix(rows: k, columns: count)
    noise.withUnsafeMutableElements { noise in for i in noise.indices { noise[i] = random.normal() } }
    var lambda = noise.scalingRows(by: deviations)
    lambda.addToColumns(state.lambda)
    return (lambda, noise)
  }

  /// The hyperparameters that stand for λ of each example.
  private func values(of lambda: Matrix) -> HyperparameterValues {
    var values = lambda
    let k = lambda.rows
    values.withUnsafeMutableElements { values in
      for i in values.indices { values[i] = settings.hyperparameters[i % k].value(at: values[i]) }
    }
    return HyperparameterValues(values)
  }

  private func distances(_ lambda: Matrix) -> Matrix {
    var result = lambda
    result.addToColumns(state.lambda.map { -$0 })
    return result
  }

  private mutating func train() -> Double {
    var random = RandomStream(seed: settings.seed, trial: state.step + 1, purpose: .fitting)
    let batch = chosen(training, trainingBatches.batch(state.step))
    defer { network.pool.give(batch.inputs) }
    let count = batch.labels.count
    state.parameters = network.pool.copy(of: state.parameters)
    if settings.method == .selfTuning {
      let lambda = perturbed(count, &random).lambda
      let (loss, gradient) = gradient(batch, values(of: lambda), response: lambda, &random)
      move(elementary + responding, settings.optimiser, gradient, \.optimiser)
      return loss
    }
    let (loss, gradient) = gradient(batch, HyperparameterValues(values, examples: count), response: nil, &random)
    if settings.method == .delta {
      // Both gradients are taken before either step.
      let response = responseGradient(batch, &random)
      move(responding, settings.responseOptimiser, response, \.responseOptimiser)
    }
    move(elementary, settings.optimiser, gradient, \.optimiser)
    return loss
  }

  private func chosen(_ examples: LabelledExamples, _ indices: [Int]) -> (inputs: Matrix, labels: [Int]) {
    var inputs = network.pool.matrix(rows: examples.inputs.rows, columns: indices.count)
    inputs.copyColumns(at: indices, of: examples.inputs)
    return (inputs, indices.map { examples.labels[$0] })
  }

  /// The training loss with all that regularises it, and its gradient.
  private func gradient(
    _ batch: (inputs: Matrix, labels: [Int]), _ values: HyperparameterValues, response: Matrix?,
    _ random: inout RandomStream
  ) -> (Double, [Double]) {
    var gradient = network.pool.zeros(network.parameterCount)
    let trace = network.forward(state.parameters, batch.inputs, values: values, response: response, using: &random)
    defer { network.recycle(trace) }
    let (losses, slope) = SoftmaxCrossEntropy.evaluate(
      trace.output, batch.labels, smoothing: settings.labelSmoothing?.values(values))
    network.backward(state.parameters, trace, slope, into: &gradient)
    let penalty = network.penalty(
      settings.weightDecays, state.parameters, values: values, response: response, into: &gradient)
    return (losses.reduce(0, +) / Double(losses.count) + penalty, gradient)
  }

  /// The gradient of the perturbed training loss of the linearised network by its response.
  private func responseGradient(
    _ batch: (inputs: Matrix, labels: [Int]), _ random: inout RandomStream
  ) -> [Double] {
    var gradient = network.pool.zeros(network.parameterCount)
    let lambda = perturbed(batch.labels.count, &random).lambda
    let (values, distances) = (values(of: lambda), distances(lambda))
    let trace = network.forward(state.parameters, batch.inputs, values: values, using: &random)
    defer { network.recycle(trace) }
    let linear = network.linearised(state.parameters, trace, response: distances)
    defer { network.recycle(linear) }
    let (_, slope) = SoftmaxCrossEntropy.evaluate(
      trace.output + linear.change, batch.labels, smoothing: settings.labelSmoothing?.values(values))
    network.backward(state.parameters, trace, linear, slope, into: &gradient)
    _ = network.penalty(
      settings.weightDecays, state.parameters, values: values, response: distances, into: &gradient)
    return gradient
  }

  private mutating func move(
    _ ranges: [Range<Int>], _ optimiser: Optimiser, _ gradient: [Double],
    _ memory: WritableKeyPath<SelfTuningState, Optimiser.State>
  ) {
    let square = gradient.withUnsafeBufferPointer { gradient in
      var square = 0.0
      for range in ranges { for i in range { square += gradient[i] * gradient[i] } }
      return square
    }
    let length = square.squareRoot()
    var gradient = gradient
    if length > settings.gradientLimit {
      let factor = settings.gradientLimit / length
      gradient = gradient.map { factor * $0 }
    }
    var remembered = state[keyPath: memory]
    // Let go of the old copy, so that none is made but in the pool's room.
    state[keyPath: memory] = Optimiser.State(count: 0)
    optimiser.detach(&remembered, network.pool)
    optimiser.step(ranges, &state.parameters, gradient, &remembered)
    state[keyPath: memory] = remembered
    network.pool.give(gradient)
  }

  /// The slope of the mean loss of examples by λ, as the weights' response tells it, with nothing dropped.
  ///
  /// It is as good as the response: that of weights which training has brought close to their best ones.
  /// - Returns: one number for each hyperparameter; none where they are fixed.
  public func hypergradient(_ examples: LabelledExamples) -> [Double] {
    if settings.method == .fixed { return [] }
    let lambda = repeated(state.lambda, examples.count)
    return respondingLoss((examples.inputs, examples.labels), lambda).slopes?.rowSums ?? []
  }

  /// The loss of each example where weights respond to its λ, and the gradient of the mean by λ of each.
  private func respondingLoss(
    _ batch: (inputs: Matrix, labels: [Int]), _ lambda: Matrix
  ) -> (losses: [Double], slopes: Matrix?) {
    var none = RandomStream(seed: settings.seed, trial: 0)
    var unused = network.pool.zeros(network.parameterCount)
    defer { network.pool.give(unused) }
    if settings.method == .delta {
      let trace = network.forward(state.parameters, batch.inputs, using: &none)
      defer { network.recycle(trace) }
      let linear = network.linearised(state.parameters, trace, response: distances(lambda))
      defer { network.recycle(linear) }
      let (losses, slope) = SoftmaxCrossEntropy.evaluate(trace.output + linear.change, batch.labels)
      return (losses, network.backward(state.parameters, trace, linear, slope, into: &unused))
    }
    let trace = network.forward(state.parameters, batch.inputs, response: lambda, using: &none)
    defer { network.recycle(trace) }
    let (losses, slope) = SoftmaxCrossEntropy.evaluate(trace.output, batch.labels)
    return (losses, network.backward(state.parameters, trace, slope, into: &unused))
  }

  /// The validation loss at perturbed λ and its derivatives by λ and σ, k numbers each.
  private mutating func judge() -> (loss: Double, byLambda: [Double], byDeviation: [Double]) {
    var random = RandomStream(seed: settings.seed, trial: state.validationStep + 1, purpose: .perturbation)
    let batch = chosen(validation, validationBatches.batch(state.validationStep))
    defer { network.pool.give(batch.inputs) }
    let (lambda, noise) = perturbed(batch.labels.count, &random)
    let (losses, slopes) = respondingLoss(batch, lambda)
    let none = state.lambda.map { _ in 0.0 }
    return (
      losses.reduce(0, +) / Double(losses.count), slopes?.rowSums ?? none,
      slopes?.timesElements(noise).rowSums ?? none
    )
  }

  /// A step of λ and ς by the validation loss less τ times the entropy of the perturbation.
  private mutating func tune() -> Double {
    let (loss, byLambda, byDeviation) = judge()
    state.tuned.step(
      byLambda: byLambda, byDeviation: settings.learnsDeviation ? byDeviation : nil,
      entropyWeight: settings.entropyWeight, optimiser: settings.tuningOptimiser)
    return loss
  }
}

extension SelfTuningState {
  func isSound(parameters p: Int, hyperparameters k: Int) -> Bool {
    parameters.count == p && tuned.isSound(k) && optimiser.isSound(p) && responseOptimiser.isSound(p)
      && [step, validationStep, turn].allSatisfy { (0..<1 << 50).contains($0) }
      && schedule.names.count == k && schedule.entries.allSatisfy { $0.values.count == k && $0.deviations.count == k }
      && parameters.allSatisfy(\.isFinite)
  }
}

extension [Double] {
  /// Whether no number is NaN or infinite.
  var areFinite: Bool {
    withUnsafeBufferPointer { numbers in
      // 0·x is 0 for every finite x and NaN otherwise.
      var sum = 0.0
      for number in numbers { sum += 0 * number }
      return sum == 0
    }
  }
}

extension Optimiser.State {
  func isSound(_ count: Int) -> Bool { mean.count == count && square.count == count && (0..<1 << 50).contains(steps) }
}
