import NumericalMethods
import TuningModel

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

  mutating func train() -> Double {
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
  mutating func judge() -> (loss: Double, byLambda: [Double], byDeviation: [Double]) {
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
  mutating func tune() -> Double {
    let (loss, byLambda, byDeviation) = judge()
    state.tuned.step(
      byLambda: byLambda, byDeviation: settings.learnsDeviation ? byDeviation : nil,
      entropyWeight: settings.entropyWeight, optimiser: settings.tuningOptimiser)
    return loss
  }
}
