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
    let sizes = [Digits.pixelCount] + Array(repeating: options.width, count: options.depth) + [Digits.classCount]
    var perceptron = Perceptron(sizes: sizes, seed: seed)
    var optimizer = Optimizer(options.rule, weightDecay: options.weightDecay, for: perceptron)
    var order = ExampleOrder(count: digits.count, seed: seed)
    let dropout = options.dropout > 0 ? Dropout(rate: options.dropout, seed: seed) : nil
    var pass = Pass(through: perceptron, examples: options.batch, dropout: dropout)
    var batch = Array(repeating: 0, count: options.batch)
    var gradient = perceptron.layers.map(Layer.init(shapedLike:))

    let steps = max(1, options.epochs * digits.count / options.batch)
    var (lossSum, batches) = (0.0, 0.0)
    for step in 1...steps {
      for place in batch.indices { batch[place] = order.next() }
      pass.load(digits, at: batch)
      perceptron.forward(&pass)
      lossSum += pass.evaluate().loss
      batches += 1
      perceptron.backward(&pass, into: &gradient)
      let remaining = Double(steps - step + 1) / Double(steps)
      optimizer.step(&perceptron, along: gradient, learningRate: options.learningRate * remaining)
      guard lossSum.isNaN || 10 * step / steps > 10 * (step - 1) / steps else { continue }
      report(Progress(epochs: Double(step * options.batch) / Double(digits.count), trainingLoss: lossSum / batches))
      if lossSum.isNaN { break }
      (lossSum, batches) = (0, 0)
    }
    return perceptron
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
