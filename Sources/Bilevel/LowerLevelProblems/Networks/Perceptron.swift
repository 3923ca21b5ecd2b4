import Foundation
import NumericalMethods

/// A multilayer perceptron with tanh between its layers and softmax cross-entropy at its end.
///
/// Of each layer the variables hold first the weights, out × in and column by column, then the out biases. Matrices of
/// activations are n × units.
struct Perceptron: Hashable, Sendable {
  /// The number of units: inputs, hidden layers, classes.
  let units: [Int]

  /// One layer's weights and biases.
  struct Layer {
    var weights: Matrix
    var biases: [Double]
  }

  /// What a pass through the network leaves: the inputs of each layer, and the probabilities.
  struct Pass {
    var inputs: [Matrix]
    var probabilities: Matrix
    var losses: [Double]
  }

  /// The number of variables of each layer.
  var layerSizes: [Int] { units.indices.dropLast().map { units[$0 + 1] * (units[$0] + 1) } }

  /// The number of variables.
  var variableCount: Int { layerSizes.reduce(0, +) }

  /// Cuts the variables into layers.
  func layers(_ x: [Double]) -> [Layer] {
    precondition(x.count == variableCount, "There is one number for each weight and bias")
    var first = 0
    return units.indices.dropLast().map { l in
      let (inputs, outputs) = (units[l], units[l + 1])
      let middle = first + inputs * outputs
      defer { first = middle + outputs }
      return Layer(
        weights: Matrix(rows: outputs, columns: inputs, elements: Array(x[first..<middle])),
        biases: Array(x[middle..<middle + outputs]))
    }
  }

  /// The scores of a layer for its inputs: inputs·Wᵀ + biases.
  private func scores(_ inputs: Matrix, _ layer: Layer) -> Matrix {
    var scores = Matrix(rows: inputs.rows, columns: layer.weights.rows)
    scores.ger(1, [Double](repeating: 1, count: inputs.rows), layer.biases)
    scores.gemm(inputs, layer.weights, transposing: .right, beta: 1)
    return scores
  }

  /// A pass through the network.
  func pass(_ design: Matrix, labels: [Int], _ layers: [Layer]) -> Pass {
    var inputs = [design]
    for layer in layers.dropLast() { inputs.append(scores(inputs[inputs.count - 1], layer).map(tanh)) }
    let (probabilities, losses) = softmax(
      scores(inputs[inputs.count - 1], layers[layers.count - 1]), labels: labels)
    return Pass(inputs: inputs, probabilities: probabilities, losses: losses)
  }

  /// The gradients of the mean loss by the scores of each layer, n × units, first layer first.
  func sensitivities(_ pass: Pass, labels: [Int], _ layers: [Layer]) -> [Matrix] {
    var result = [(1 / Double(labels.count)) * pass.probabilities.subtractingLabels(labels)]
    for l in layers.indices.dropFirst().reversed() {
      let back = result[result.count - 1].multiplying(layers[l].weights)
      result.append(back.combining(pass.inputs[l]) { $0 * (1 - $1 * $1) })
    }
    return result.reversed()
  }

  /// The gradient of the mean loss by the variables.
  func gradient(_ pass: Pass, _ sensitivities: [Matrix]) -> [Double] {
    var gradient: [Double] = []
    gradient.reserveCapacity(variableCount)
    for (delta, inputs) in zip(sensitivities, pass.inputs) {
      gradient += delta.multiplying(inputs, transposing: .left).elements
      gradient += delta.multiplying([Double](repeating: 1, count: delta.rows), transposing: true)
    }
    return gradient
  }

  /// The product of the Hessian of the mean loss with a vector, by differentiating both passes along it.
  ///
  /// - Source: Pearlmutter, "Fast exact multiplication by the Hessian" (1994).
  func hessianProduct(_ v: [Double], _ pass: Pass, _ sensitivities: [Matrix], _ layers: [Layer]) -> [Double] {
    let changes = self.layers(v)
    let n = pass.probabilities.rows
    // Of each layer's inputs their changes.
    var inputChanges = [Matrix(rows: n, columns: units[0])]
    var scoreChange = Matrix(rows: n, columns: 0)
    for l in layers.indices {
      scoreChange = scores(pass.inputs[l], changes[l])
      scoreChange.gemm(inputChanges[l], layers[l].weights, transposing: .right, beta: 1)
      if l + 1 < layers.count {
        inputChanges.append(scoreChange.combining(pass.inputs[l + 1]) { $0 * (1 - $1 * $1) })
      }
    }
    var deltaChanges = [(1 / Double(n)) * softmaxSlope(pass.probabilities, along: scoreChange)]
    for l in layers.indices.dropFirst().reversed() {
      var change = deltaChanges[deltaChanges.count - 1].multiplying(layers[l].weights)
      change.gemm(sensitivities[l], changes[l].weights, beta: 1)
      let bent = sensitivities[l].multiplying(layers[l].weights).combining(inputChanges[l]) { $0 * $1 }
      deltaChanges.append(
        change.combining(pass.inputs[l]) { $0 * (1 - $1 * $1) } - bent.combining(pass.inputs[l]) { 2 * $0 * $1 })
    }
    deltaChanges.reverse()
    var product: [Double] = []
    product.reserveCapacity(variableCount)
    for l in layers.indices {
      var block = deltaChanges[l].multiplying(pass.inputs[l], transposing: .left)
      block.gemm(sensitivities[l], inputChanges[l], transposing: .left, beta: 1)
      product += block.elements
      product += deltaChanges[l].multiplying([Double](repeating: 1, count: n), transposing: true)
    }
    return product
  }
}
