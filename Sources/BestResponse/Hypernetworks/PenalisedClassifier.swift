import Foundation
import NumericalMethods
public import TuningModel

/// Softmax regression whose weights are penalised by e^λ: h = mean cross-entropy + ½Σ e^λ w².
///
/// The weights are those of a dense layer, outputs × inputs column by column, then the biases.
public struct PenalisedClassifier: ResponseProblem {
  /// Which weights share a penalty; biases count as weights.
  public enum Penalty: String, Hashable, Sendable, Codable {
    /// All.
    case shared
    /// None.
    case perWeight = "per_weight"
  }

  private let network: Network
  private let training, validation: LabelledExamples
  private let penalty: Penalty
  private let size: Int
  private let seed: StudySeed

  /// Creates a problem.
  ///
  /// - Parameters:
  ///   - classes: the number of classes.
  ///   - batch: the examples of a step.
  /// - Throws: `invalid`.
  public init(
    training: LabelledExamples, validation: LabelledExamples, classes: Int, penalty: Penalty = .shared,
    batch: Int = 100, seed: StudySeed = 1
  ) throws(BestResponseError) {
    guard batch > 0, training.inputs.rows == validation.inputs.rows,
      (training.labels + validation.labels).allSatisfy({ $0 < classes })
    else { throw .invalid("Training and validation have the same numbers and classes.") }
    network = try Network(NetworkDescription(input: .vector(training.inputs.rows), layers: [.dense(classes)]))
    (self.training, self.validation, self.penalty, size, self.seed) = (training, validation, penalty, batch, seed)
  }

  /// The number p of weights.
  public var weightCount: Int { network.parameterCount }

  /// The number d of penalties.
  public var hyperparameterCount: Int { penalty == .shared ? 1 : network.parameterCount }

  private func loss(_ weights: [Double], _ chosen: (inputs: Matrix, labels: [Int])) -> (Double, [Double]) {
    var none = RandomStream(seed: seed, trial: 0)
    let trace = network.forward(weights, chosen.inputs, using: &none)
    let (losses, slope) = SoftmaxCrossEntropy.evaluate(trace.output, chosen.labels)
    var gradient = [Double](repeating: 0, count: weights.count)
    network.backward(weights, trace, slope, into: &gradient)
    return (losses.reduce(0, +) / Double(losses.count), gradient)
  }

  private func batch(_ index: Int, of examples: LabelledExamples, _ purpose: RandomStream.Purpose) -> [Int] {
    var batches = MiniBatches(count: examples.count, size: size, seed: seed, purpose: purpose)
    return batches.batch(index)
  }

  /// The training loss h on a batch and its gradient by the weights.
  public func training(_ weights: [Double], _ lambda: [Double], batch index: Int) -> (value: Double, gradient: [Double])
  {
    var (value, gradient) = loss(weights, training.chosen(batch(index, of: training, .design)))
    for (i, weight) in weights.enumerated() {
      let rate = exp(lambda.count == 1 ? lambda[0] : lambda[i])
      value += rate / 2 * weight * weight
      gradient[i] += rate * weight
    }
    return (value, gradient)
  }

  /// The validation loss g on a batch and its gradient by the weights.
  public func validation(_ weights: [Double], batch index: Int) -> (value: Double, gradient: [Double]) {
    loss(weights, validation.chosen(batch(index, of: validation, .decision)))
  }
}
