import Foundation
import NumericalMethods

/// Moves a network's weights against the gradient of the loss.
///
/// Weight decay is decoupled from the gradient for both rules: each step also takes off the share
/// learning rate × weight decay of every weight, never of a bias. For descent without momentum that is the same as adding
/// ½ · decay · ‖weights‖² to the loss; with momentum or Adam it is not.
/// - Source: Loshchilov, Hutter 2019, "Decoupled weight decay regularization", algorithms 1 and 2.
package struct Optimizer {
  /// How a step follows from the gradients.
  package enum Rule: Equatable {
    /// Stochastic gradient descent along a velocity that keeps the share `momentum` of itself.
    case sgd(momentum: Double)

    /// Adam: the mean gradient over its root mean square; `beta2` is what the latter keeps of the past.
    ///
    /// - Source: Kingma, Ba 2015, "Adam: a method for stochastic optimization", algorithm 1.
    case adam(beta2: Double)
  }

  private static let beta1 = 0.9
  private static let epsilon = 1e-8

  private let rule: Rule
  private let weightDecay: Double
  /// What the steps so far have left.
  package private(set) var memory: Memory

  /// What an optimizer keeps from one step to the next, whatever its rule.
  package struct Memory: Equatable, Codable {
    var steps = 0
    /// The velocity, or Adam's mean of the gradients.
    var means: [Layer]
    /// Adam's mean of the squared gradients; descent leaves it at 0.
    var squares: [Layer]

    /// The memory of an optimizer that has not stepped, for networks of this one's shape.
    package init(for perceptron: Perceptron) {
      means = perceptron.layers.map(Layer.init(shapedLike:))
      squares = means
    }
  }

  /// An optimizer that goes on from a memory.
  package init(_ rule: Rule, weightDecay: Double, from memory: Memory) {
    self.rule = rule
    self.weightDecay = weightDecay
    self.memory = memory
  }

  /// An optimizer for networks of this one's shape.
  package init(_ rule: Rule, weightDecay: Double, for perceptron: Perceptron) {
    self.init(rule, weightDecay: weightDecay, from: Memory(for: perceptron))
  }

  /// Takes one step.
  ///
  /// - Parameters:
  ///   - perceptron: the network to change.
  ///   - gradient: the gradient of the loss, in the shape of its layers.
  ///   - learningRate: the length of the step, in units of what the rule makes of the gradient.
  package mutating func step(_ perceptron: inout Perceptron, along gradient: [Layer], learningRate: Double) {
    memory.steps += 1
    let steps = memory.steps
    for (index, gradient) in gradient.enumerated() {
      move(
        &perceptron.layers[index].weights, along: gradient.weights, mean: &memory.means[index].weights,
        square: &memory.squares[index].weights, steps, rate: learningRate, keeping: 1 - learningRate * weightDecay)
      move(
        &perceptron.layers[index].biases, along: gradient.biases, mean: &memory.means[index].biases,
        square: &memory.squares[index].biases, steps, rate: learningRate, keeping: 1)
    }
  }

  /// Moves one matrix of parameters, of which a step keeps the share `kept` before the gradient counts.
  private func move(
    _ parameters: inout Matrix, along gradient: Matrix, mean: inout Matrix, square: inout Matrix, _ steps: Int,
    rate: Double, keeping kept: Double
  ) {
    parameters.withUnsafeMutableElements { parameters in
      mean.withUnsafeMutableElements { mean in
        square.withUnsafeMutableElements { square in
          gradient.withUnsafeElements { gradient in
            switch rule {
            case .sgd(let momentum):
              for k in parameters.indices {
                mean[k] = momentum * mean[k] + gradient[k]
                parameters[k] = kept * parameters[k] - rate * mean[k]
              }
            case .adam(let beta2):
              // Both means start at 0; what they lack at first is put right here.
              let corrected = rate / (1 - pow(Self.beta1, Double(steps)))
              let lack = 1 / (1 - pow(beta2, Double(steps)))
              for k in parameters.indices {
                mean[k] = Self.beta1 * mean[k] + (1 - Self.beta1) * gradient[k]
                square[k] = beta2 * square[k] + (1 - beta2) * gradient[k] * gradient[k]
                parameters[k] =
                  kept * parameters[k] - corrected * mean[k] / ((lack * square[k]).squareRoot() + Self.epsilon)
              }
            }
          }
        }
      }
    }
  }
}
