import BestResponse
import NumericalMethods
import TestSupport
import Testing

@Suite("Networks beside automatic differentiation")
struct RespondingNetworkTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let shape: [Int]
    let responds: Int
    let hasScale: Bool
    let smoothing: Double
    let layers: [[String]]
    let x, inputs: [[Double]]
    let labels: [Int]
    let parameters: [Double]
    let scores: [[Double]]
    let loss: Double
    let gradient: [Double]
    let inputGradient: [[Double]]

    var testDescription: String { name }

    func network() throws -> Network {
      let layers = layers.map { layer -> LayerDescription in
        let numbers = layer.dropFirst().compactMap { Int($0) }
        return switch layer[0] {
        case "dense": .dense(numbers[0])
        case "convolution":
          .convolution(channels: numbers[0], kernel: numbers[1], stride: numbers[2], padding: numbers[3])
        case "pool": .maxPooling(numbers[0])
        case "tanh": .tanh
        default: .relu
        }
      }
      return try Network(
        NetworkDescription(
          input: ImageShape(rows: shape[0], columns: shape[1], channels: shape[2]), layers: layers, responds: responds,
          hasScale: hasScale))
    }
  }

  static let golden: GoldenValues<Case>? = try? GoldenValues("responding-networks", in: .module)

  private func columns(_ rows: [[Double]]) -> Matrix {
    Matrix(rows: rows[0].count, columns: rows.count, elements: rows.flatMap(\.self))
  }

  private func error(_ values: [Double], _ expected: [Double]) -> Double {
    euclideanNorm(zip(values, expected).map { $0 - $1 }) / euclideanNorm(expected)
  }

  @Test("All cases are in the fixture")
  func present() { #expect(Self.golden?.cases.count == 5) }

  @Test("Scores, losses and gradients by parameters and responses are those of PyTorch", arguments: golden?.cases ?? [])
  func reference(example: Case) throws {
    let tolerance = try #require(Self.golden).tolerance.relative
    let network = try example.network()
    try #require(network.parameterCount == example.parameters.count)
    var random = SplitMix64(seed: 1)
    let trace = network.forward(
      example.parameters, columns(example.x), response: example.responds > 0 ? columns(example.inputs) : nil,
      using: &random)
    #expect(error(trace.output.elements, example.scores.flatMap(\.self)) < tolerance)
    let smoothing = [Double](repeating: example.smoothing, count: example.labels.count)
    let (losses, slope) = SoftmaxCrossEntropy.evaluate(trace.output, example.labels, smoothing: smoothing)
    #expect(abs(losses.reduce(0, +) / Double(losses.count) - example.loss) < tolerance)
    var gradient = [Double](repeating: 0, count: network.parameterCount)
    let response = network.backward(example.parameters, trace, slope, into: &gradient)
    #expect(error(gradient, example.gradient) < tolerance)
    if example.responds > 0 {
      #expect(error(try #require(response).elements, example.inputGradient.flatMap(\.self)) < tolerance)
    } else {
      #expect(response == nil)
    }
  }

  @Test("Derivatives forwards are the adjoints of those backwards", arguments: golden?.cases ?? [])
  func adjoint(example: Case) throws {
    let network = try example.network()
    var random = SplitMix64(seed: 2)
    let responds = example.responds > 0
    let trace = network.forward(
      example.parameters, columns(example.x), response: responds ? columns(example.inputs) : nil, using: &random)
    func draw(_ count: Int) -> [Double] { (0..<count).map { _ in Double.random(in: -1...1, using: &random) } }
    let direction = draw(network.parameterCount)
    let turn = Matrix(
      rows: max(1, example.responds), columns: example.x.count,
      elements: draw(max(1, example.responds) * example.x.count))
    let weights = Matrix(
      rows: network.outputCount, columns: example.x.count, elements: draw(network.outputCount * example.x.count))
    let forwards = network.tangent(
      example.parameters, trace, direction: direction, response: responds ? turn : nil)
    var gradient = [Double](repeating: 0, count: network.parameterCount)
    let response = network.backward(example.parameters, trace, weights, into: &gradient)
    let backwards = dot(gradient, direction) + (response.map { dot($0.elements, turn.elements) } ?? 0)
    #expect(abs(dot(forwards.elements, weights.elements) - backwards) < 1e-12 * max(1, abs(backwards)))
  }

  @Test(
    "The linearised network is the slope along growing responses, and its gradients are its adjoint",
    arguments: (golden?.cases ?? []).filter { $0.responds > 0 })
  func linearised(example: Case) throws {
    let network = try example.network()
    var random = SplitMix64(seed: 3)
    let (x, inputs) = (columns(example.x), columns(example.inputs))
    let trace = network.forward(example.parameters, x, using: &random)
    let linear = network.linearised(example.parameters, trace, response: inputs)
    let step = 1e-6
    let (up, down) = (
      network.forward(example.parameters, x, response: step * inputs, using: &random).output,
      network.forward(example.parameters, x, response: -step * inputs, using: &random).output
    )
    let slope = (1 / (2 * step)) * (up - down)
    #expect(error(linear.change.elements, slope.elements) < 1e-7)

    // The change is linear in λ: its slope along λ itself is the change.
    let weights = Matrix(
      rows: network.outputCount, columns: x.columns,
      elements: (0..<network.outputCount * x.columns).map { _ in Double.random(in: -1...1, using: &random) })
    var gradient = [Double](repeating: 0, count: network.parameterCount)
    let byInputs = try #require(network.backward(example.parameters, trace, linear, weights, into: &gradient))
    let value = dot(linear.change.elements, weights.elements)
    #expect(abs(dot(byInputs.elements, inputs.elements) - value) < 1e-12 * max(1, abs(value)))

    // Elementary parameters are left alone; those of the response have the slopes that differences show.
    for block in network.blocks {
      if !block.isResponse {
        #expect(block.range.allSatisfy { gradient[$0] == 0 })
        continue
      }
      let at = block.range.lowerBound + block.range.count / 2
      var (high, low) = (example.parameters, example.parameters)
      high[at] += 1e-5
      low[at] -= 1e-5
      let difference =
        dot(network.linearised(high, trace, response: inputs).change.elements, weights.elements)
        - dot(network.linearised(low, trace, response: inputs).change.elements, weights.elements)
      #expect(abs(difference / 2e-5 - gradient[at]) < 1e-8 * max(1, abs(gradient[at])))
    }
  }
}
