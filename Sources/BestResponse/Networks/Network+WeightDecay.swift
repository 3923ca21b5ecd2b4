package import NumericalMethods

/// A penalty on the weights of one layer.
public struct WeightDecay: Hashable, Sendable, Codable {
  /// The index of the layer in the network.
  public var layer: Int
  /// The factor of half the squared length of its weights, biases left out.
  public var rate: Setting

  /// Creates a penalty.
  public init(layer: Int, rate: Setting) {
    self.layer = layer
    self.rate = rate
  }
}

extension Network {
  /// The mean over examples of half the squared lengths of their weights, times their rates; adds its gradient.
  ///
  /// With a response each example has weights of its own, sW + diag(Uλ)V.
  /// - Parameters:
  ///   - response: what the weights respond to, k × N; nil for none.
  ///   - gradient: p numbers, added to.
  package func penalty(
    _ decays: [WeightDecay], _ parameters: [Double], values: HyperparameterValues, response: Matrix?,
    into gradient: inout [Double]
  ) -> Double {
    var sum = 0.0
    for decay in decays {
      guard stages.indices.contains(decay.layer), case .affine(let layer) = stages[decay.layer] else { continue }
      let rates = decay.rate.values(values)
      let mean = rates.reduce(0, +) / Double(max(1, rates.count))
      let (w, s) = (parameters[layer.weights], layer.scale(parameters))
      guard let response, let places = layer.response, let gates = layer.gates(parameters, response, pool) else {
        var square = 0.0
        for (offset, value) in w.enumerated() {
          square += value * value
          gradient[layer.weights.lowerBound + offset] += mean * s * s * value
        }
        if let scale = layer.scale { gradient[scale.lowerBound] += mean * s * square }
        sum += mean * s * s * square / 2
        continue
      }
      sum += penalty(layer, places, rates, gates.gate, response, parameters, s, into: &gradient)
    }
    return sum
  }

  private func penalty(
    _ layer: AffineLayer,
    _ places: (weights: Range<Int>, bias: Range<Int>, gate: Range<Int>, biasGate: Range<Int>), _ rates: [Double],
    _ gate: Matrix, _ response: Matrix, _ parameters: [Double], _ s: Double, into gradient: inout [Double]
  ) -> Double {
    let (n, channels, fan) = (Double(max(1, rates.count)), layer.channels, layer.windows.fan)
    // Of each row the sums over examples of rate, rate · e and rate · e².
    var moments = [(Double, Double, Double)](repeating: (0, 0, 0), count: channels)
    for (j, rate) in rates.enumerated() {
      for r in 0..<channels {
        let e = gate[r, j]
        moments[r].0 += rate / n
        moments[r].1 += rate * e / n
        moments[r].2 += rate * e * e / n
      }
    }
    var squares = [(w: Double, both: Double, v: Double)](repeating: (0, 0, 0), count: channels)
    for k in 0..<fan {
      for r in 0..<channels {
        let (at, other) = (layer.weights.lowerBound + k * channels + r, places.weights.lowerBound + k * channels + r)
        let (w, v) = (parameters[at], parameters[other])
        squares[r].w += w * w
        squares[r].both += w * v
        squares[r].v += v * v
        gradient[at] += s * s * moments[r].0 * w + s * moments[r].1 * v
        gradient[other] += s * moments[r].1 * w + moments[r].2 * v
      }
    }
    var sum = 0.0
    var byScale = 0.0
    for r in 0..<channels {
      sum +=
        (s * s * moments[r].0 * squares[r].w + moments[r].2 * squares[r].v) / 2 + s * moments[r].1 * squares[r].both
      byScale += s * moments[r].0 * squares[r].w + moments[r].1 * squares[r].both
    }
    if let scale = layer.scale { gradient[scale.lowerBound] += byScale }
    for (j, rate) in rates.enumerated() {
      for r in 0..<channels {
        let byGate = rate / n * (s * squares[r].both + gate[r, j] * squares[r].v)
        for h in 0..<response.rows { gradient[places.gate.lowerBound + h * channels + r] += byGate * response[h, j] }
      }
    }
    return sum
  }
}
