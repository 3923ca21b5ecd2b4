import NumericalMethods

/// A multilayer perceptron: layers of rectified linear units below a softmax over the classes.
package struct Perceptron: Equatable, Codable {
  /// The layers, from the one above the inputs to the one whose outputs are the classes' logits.
  package var layers: [Layer]

  /// A network with random weights.
  ///
  /// - Parameters:
  ///   - sizes: the numbers of inputs, of units in each hidden layer, and of classes.
  ///   - seed: what the weights are drawn from.
  package init(sizes: [Int], seed: UInt64) {
    var stream = SplitMix64(seed: seed, for: .weights)
    layers = zip(sizes, sizes.dropFirst()).map { Layer(inputs: $0, outputs: $1, drawing: &stream) }
  }

  /// Computes the logits of the examples in a pass, and what the way back needs.
  ///
  /// - Parameter pass: holds the inputs; receives the outputs of every layer.
  package func forward(_ pass: inout Pass) {
    for (index, layer) in layers.enumerated() {
      pass.outputs[index + 1].gemm(layer.weights, pass.outputs[index])
      pass.outputs[index + 1].addToColumns(layer.biases.elements)
      guard index < layers.count - 1 else { return }
      pass.outputs[index + 1].rectify()
      pass.dropout?.apply(to: &pass.outputs[index + 1])
    }
  }

  /// Computes the gradient of the loss from the slopes by the logits that `Pass.evaluate` left.
  ///
  /// - Parameters:
  ///   - pass: what `forward` and `evaluate` left; the slopes of hidden layers are overwritten.
  ///   - gradient: receives the gradient; has the shape of `layers`.
  package func backward(_ pass: inout Pass, into gradient: inout [Layer]) {
    for index in layers.indices.reversed() {
      gradient[index].weights.gemm(pass.slopes[index], pass.outputs[index], transposing: .right)
      gradient[index].biases.gemm(pass.slopes[index], pass.ones)
      guard index > 0 else { return }
      pass.slopes[index - 1].gemm(layers[index].weights, pass.slopes[index], transposing: .left)
      pass.slopes[index - 1].keep(whereActive: pass.outputs[index], scale: pass.dropout?.scale ?? 1)
    }
  }
}

extension Matrix {
  /// Replaces negative elements by 0; what is not a number stays so, lest a diverged network look sound.
  fileprivate mutating func rectify() {
    withUnsafeMutableElements { values in
      for k in values.indices { values[k] = values[k] < 0 ? 0 : values[k] }
    }
  }

  /// Multiplies the elements where a unit's output is above 0 by the scale, and clears the others.
  fileprivate mutating func keep(whereActive outputs: Matrix, scale: Double) {
    withUnsafeMutableElements { slopes in
      outputs.withUnsafeElements { outputs in
        for k in slopes.indices { slopes[k] = outputs[k] > 0 ? scale * slopes[k] : 0 }
      }
    }
  }
}
