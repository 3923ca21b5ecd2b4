import BestResponse
import NumericalMethods
import TestSupport
import Testing

@Suite("What regularises a network")
struct RegularisationTests {
  private func examples(_ rows: Int, _ columns: Int) -> Matrix {
    var random = SplitMix64(seed: 4)
    return Matrix(
      rows: rows, columns: columns,
      elements: (0..<rows * columns).map { _ in Double.random(in: 0.5...1, using: &random) })
  }

  private func network(_ layers: [LayerDescription], _ input: ImageShape = .vector(50)) throws -> Network {
    try Network(NetworkDescription(input: input, layers: layers))
  }

  @Test("Each example has its own rate of dropout, and the mean stays")
  func dropout() throws {
    let network = try network([.dropout(.tuned(0))])
    let x = Matrix(rows: 50, columns: 200, repeating: 1)
    let rates = Matrix(rows: 1, columns: 200, elements: (0..<200).map { $0 < 100 ? 0 : 0.75 })
    var random = SplitMix64(seed: 5)
    let y = network.forward([], x, values: HyperparameterValues(rates), using: &random).output
    #expect((0..<100).allSatisfy { y.column($0) == x.column($0) })
    let dropped = (100..<200).flatMap { y.column($0) }
    #expect(dropped.allSatisfy { $0 == 0 || $0 == 4 })
    // 5,000 draws of deviation √3: six standard errors are 0.15; the seed is fixed.
    #expect(abs(dropped.reduce(0, +) / 5_000 - 1) < 0.15)
    #expect(network.forward([], x, using: &random).output == x)
  }

  @Test("Noise has the deviation of its example, and none without hyperparameters")
  func noise() throws {
    let network = try network([.inputNoise(.tuned(0))])
    let x = examples(50, 100)
    var random = SplitMix64(seed: 6)
    let y = network.forward([], x, values: HyperparameterValues([0.3], examples: 100), using: &random).output - x
    // 5,000 draws: the variance is within a tenth by eight standard errors; the seed is fixed.
    #expect(abs(y.elements.reduce(0) { $0 + $1 * $1 } / 5_000 - 0.09) < 0.009)
    #expect(network.forward([], x, using: &random).output == x)
  }

  @Test("Cutout clears so many squares of such a side, in all channels, rounded down")
  func cutout() throws {
    let shape = ImageShape(rows: 8, columns: 8, channels: 2)
    let network = try network([.cutout(holes: .tuned(0), length: .fixed(3.9))], shape)
    let x = examples(128, 40)
    var random = SplitMix64(seed: 7)
    let y = network.forward([], x, values: HyperparameterValues([1.9], examples: 40), using: &random).output
    for n in 0..<40 {
      let cleared = (0..<64).filter { y[2 * $0, n] == 0 }
      #expect(cleared.allSatisfy { y[2 * $0 + 1, n] == 0 })
      // A square of nine pixels, less at the border.
      #expect(!cleared.isEmpty && cleared.count <= 9)
      #expect((0..<128).allSatisfy { y[$0, n] == 0 || y[$0, n] == x[$0, n] })
    }
    let none = network.forward([], x, values: HyperparameterValues([0.9], examples: 40), using: &random).output
    #expect(none == x)
  }

  @Test("Gradients go through what was dropped and cut out", arguments: [false, true])
  func gradients(isImage: Bool) throws {
    let shape = isImage ? ImageShape(rows: 5, columns: 5, channels: 2) : .vector(50)
    let first: [LayerDescription] =
      isImage
      ? [
        .cutout(holes: .fixed(2), length: .fixed(2)), .inputNoise(.fixed(0.1)),
        .convolution(channels: 3, kernel: 3, padding: 1), .relu, .maxPooling(2),
      ] : [.dropout(.fixed(0.3)), .dense(12), .tanh]
    let network = try network(first + [.dropout(.fixed(0.5)), .dense(4)], shape)
    var random = SplitMix64(seed: 8)
    let parameters = network.initialParameters(using: &random)
    let (x, labels, values) = (examples(50, 6), [0, 1, 2, 3, 0, 1], HyperparameterValues([], examples: 6))
    func loss(_ parameters: [Double]) -> (Double, Network.Trace, Matrix) {
      var same = SplitMix64(seed: 9)
      let trace = network.forward(parameters, x, values: values, using: &same)
      let (losses, slope) = SoftmaxCrossEntropy.evaluate(trace.output, labels)
      return (losses.reduce(0, +) / 6, trace, slope)
    }
    let (_, trace, slope) = loss(parameters)
    var gradient = [Double](repeating: 0, count: parameters.count)
    network.backward(parameters, trace, slope, into: &gradient)
    for at in stride(from: 0, to: parameters.count, by: 7) {
      var (up, down) = (parameters, parameters)
      up[at] += 1e-5
      down[at] -= 1e-5
      #expect(abs((loss(up).0 - loss(down).0) / 2e-5 - gradient[at]) < 1e-8)
    }
  }

  @Test("The penalty on weights and its gradient agree, with and without response", arguments: [0, 1, 2])
  func decay(kind: Int) throws {
    let network = try Network(
      NetworkDescription(
        input: .vector(4), layers: [.dense(3), .relu, .dense(2)], responds: kind == 0 ? 0 : 2, hasScale: kind == 2,
        gateDeviation: 0.7))
    var random = SplitMix64(seed: 10)
    var parameters = network.initialParameters(using: &random)
    for block in network.blocks where block.role == .scale { parameters[block.range.lowerBound] = 1.3 }
    let values = HyperparameterValues(Matrix(rows: 1, columns: 3, elements: [0.1, 0.5, 2]))
    let inputs = kind == 0 ? nil : Matrix(rows: 2, columns: 3, elements: [0.3, -1, 0.7, 0.2, -0.4, 1.1])
    let decays = [WeightDecay(layer: 0, rate: .tuned(0)), WeightDecay(layer: 2, rate: .fixed(0.3))]
    func penalty(_ parameters: [Double]) -> (Double, [Double]) {
      var gradient = [Double](repeating: 0, count: parameters.count)
      let value = network.penalty(decays, parameters, values: values, response: inputs, into: &gradient)
      return (value, gradient)
    }
    let gradient = penalty(parameters).1
    for at in parameters.indices {
      var (up, down) = (parameters, parameters)
      up[at] += 1e-5
      down[at] -= 1e-5
      #expect(abs((penalty(up).0 - penalty(down).0) / 2e-5 - gradient[at]) < 1e-9)
    }
    if kind == 0 {
      let weights = network.blocks.first { $0.role == .weights }.map { parameters[$0.range] } ?? []
      let last = network.blocks.last { $0.role == .weights }.map { parameters[$0.range] } ?? []
      let square = { (w: ArraySlice<Double>) in w.reduce(0) { $0 + $1 * $1 } }
      // The mean of the rates of the first layer is 2.6/3.
      #expect(abs(penalty(parameters).0 - (2.6 / 3 * square(weights) + 0.3 * square(last)) / 2) < 1e-12)
    }
  }
}
