/// How well a network does on some examples.
package struct Evaluation: Equatable {
  /// The mean cross-entropy in nats; not a number once training has diverged.
  package var loss: Double

  /// The share of examples that are taken for another digit.
  package var error: Double

  /// Creates an evaluation.
  package init(loss: Double, error: Double) {
    self.loss = loss
    self.error = error
  }

  /// The mean of the losses and errors of several networks; at least one.
  package init(meanOf evaluations: [Evaluation]) {
    let count = Double(evaluations.count)
    loss = evaluations.reduce(0) { $0 + $1.loss } / count
    error = evaluations.reduce(0) { $0 + $1.error } / count
  }

  /// What the program prints as its result.
  ///
  /// JSON has no number for a loss that is not finite; these strings stand for it.
  package var line: String {
    let loss = loss.isFinite ? "\(loss)" : loss.isNaN ? #""NaN""# : loss > 0 ? #""Infinity""# : #""-Infinity""#
    return #"hone: {"loss": \#(loss), "error": \#(error)}"#
  }
}
