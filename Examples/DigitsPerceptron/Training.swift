/// The fitting of a network to the training images, under a budget of images shown.
package struct Training {
  /// Where a training stands.
  package struct Progress {
    /// Passes over the training images made so far.
    package let epochs: Double
    /// The mean loss, with dropout, of the batches since the last report.
    package let trainingLoss: Double
  }

  private let options: Options
  private let digits: Digits

  private let seed: UInt64

  /// A training on these images.
  ///
  /// - Parameters:
  ///   - options: what to train and how.
  ///   - number: which of the repeated trainings this is, from 0; each draws random numbers of its own.
  ///   - digits: the images to learn.
  package init(_ options: Options, repeat number: Int = 0, on digits: Digits) {
    self.options = options
    self.digits = digits
    seed = options.seed &* UInt64(options.repeats) &+ UInt64(number)
  }

  /// Trains a network; the same options and images give the same one.
  ///
  /// The learning rate falls in a straight line to 0, so that the last batches do not decide where the weights end.
  /// Stops early when the loss is not a number: it will never be one again.
  /// - Parameter report: called at most ten times.
  package func run(report: (Progress) -> Void = { _ in }) -> Perceptron {
    var state = begin()
    let steps = max(1, options.epochs * digits.count / options.batch)
    advance(&state, to: steps, rate: { Double(steps - $0 + 1) / Double(steps) }, report: report)
    return state.perceptron
  }

  private var sizes: [Int] {
    [Digits.pixelCount] + Array(repeating: options.width, count: options.depth) + [Digits.classCount]
  }

  /// A network that has not learnt anything.
  package func begin() -> TrainingState {
    TrainingState(Perceptron(sizes: sizes, seed: seed), images: digits.count, seed: seed)
  }

  /// Goes on from a state until it has so many steps, at a learning rate that does not change: one part after another is
  /// the same as all at once.
  ///
  /// - Throws: `DigitsError.otherTraining` where the state has more steps, or is of another network or other images.
  package func go(
    on state: inout TrainingState, to steps: Int, report: (Progress) -> Void = { _ in }
  ) throws(DigitsError) {
    if state.steps > steps { throw .otherTraining("it has \(state.steps) steps, more than \(steps)") }
    guard state.fits(sizes, images: digits.count) else {
      throw .otherTraining("it is of another network, or of other images")
    }
    advance(&state, to: steps, rate: { _ in 1 }, report: report)
  }

  /// - Parameter rate: by what the learning rate is multiplied at a step.
  private func advance(
    _ state: inout TrainingState, to steps: Int, rate: (_ step: Int) -> Double, report: (Progress) -> Void
  ) {
    guard state.steps < steps else { return }
    var optimizer = Optimizer(options.rule, weightDecay: options.weightDecay, from: state.memory)
    let dropout = options.dropout > 0 ? Dropout(rate: options.dropout, stream: state.dropout) : nil
    var pass = Pass(through: state.perceptron, examples: options.batch, dropout: dropout)
    var batch = Array(repeating: 0, count: options.batch)
    var gradient = state.perceptron.layers.map(Layer.init(shapedLike:))
    var (lossSum, batches) = (0.0, 0.0)
    for step in state.steps + 1...steps {
      for place in batch.indices { batch[place] = state.order.next() }
      pass.load(digits, at: batch)
      state.perceptron.forward(&pass)
      lossSum += pass.evaluate().loss
      batches += 1
      state.perceptron.backward(&pass, into: &gradient)
      optimizer.step(&state.perceptron, along: gradient, learningRate: options.learningRate * rate(step))
      state.steps = step
      guard lossSum.isNaN || 10 * step / steps > 10 * (step - 1) / steps else { continue }
      report(Progress(epochs: Double(step * options.batch) / Double(digits.count), trainingLoss: lossSum / batches))
      if lossSum.isNaN { break }
      (lossSum, batches) = (0, 0)
    }
    state.memory = optimizer.memory
    if let dropout = pass.dropout { state.dropout = dropout.stream }
  }
}

extension Perceptron {
  /// Measures the network on all images of a part, with every unit in place.
  package func evaluated(on digits: Digits) -> Evaluation {
    var pass = Pass(through: self, examples: digits.count)
    pass.load(digits, at: digits.labels.indices)
    forward(&pass)
    return pass.evaluate()
  }
}
