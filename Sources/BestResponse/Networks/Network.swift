public import NumericalMethods

/// What a network is made of.
public struct NetworkDescription: Hashable, Sendable, Codable {
  /// The shape of one example.
  public var input: ImageShape
  /// The layers, from the input on; the last gives the scores of the classes.
  public var layers: [LayerDescription]
  /// The number k of hyperparameters that the weights respond to; 0 for none.
  public var responds: Int
  /// Whether the weights of each layer have a factor of their own beside the response.
  public var hasScale: Bool
  /// The standard deviation of the gates to begin with.
  public var gateDeviation: Double

  /// Creates a description.
  public init(
    input: ImageShape, layers: [LayerDescription], responds: Int = 0, hasScale: Bool = false,
    gateDeviation: Double = 0.01
  ) {
    self.input = input
    self.layers = layers
    self.responds = responds
    self.hasScale = hasScale
    self.gateDeviation = gateDeviation
  }
}

/// A network whose weights may respond to hyperparameters, with its derivatives both ways.
///
/// All of its parameters are one vector, so that a network itself never changes. Examples are columns.
public struct Network: Sendable {
  /// What it is made of.
  public let description: NetworkDescription
  /// Where matrices stand in the parameters.
  public let blocks: [ParameterBlock]
  /// The number p of parameters.
  public let parameterCount: Int
  /// The number of outputs.
  public let outputCount: Int

  let stages: [Stage]
  private let shapes: [ImageShape]
  /// Room for what passes compute.
  let pool = BufferPool()

  /// Makes a network.
  ///
  /// - Throws: `invalid` where layers do not fit.
  public init(_ description: NetworkDescription) throws(BestResponseError) {
    let input = description.input
    guard input.rows > 0, input.columns > 0, input.channels > 0, input.rows < 1 << 16, input.columns < 1 << 16,
      input.channels < 1 << 24, description.responds >= 0
    else { throw .invalid("An example has at least one number.") }
    guard description.gateDeviation >= 0, description.gateDeviation.isFinite else {
      throw .invalid("A standard deviation is a number from 0.")
    }
    self.description = description
    var shape = input
    var stages: [Stage] = []
    var shapes: [ImageShape] = []
    var blocks: [ParameterBlock] = []
    var next = 0
    for (index, layer) in description.layers.enumerated() {
      let stage = try Self.stage(layer, shape, description, index, &blocks, &next)
      switch stage {
      case .affine(let affine): shape = affine.output
      case .maxPooling(let side, _):
        shape = ImageShape(rows: shape.rows / side, columns: shape.columns / side, channels: shape.channels)
      default: break
      }
      stages.append(stage)
      shapes.append(shape)
    }
    self.stages = stages
    self.shapes = shapes
    self.blocks = blocks
    parameterCount = next
    outputCount = shape.count
  }

  private static func stage(
    _ layer: LayerDescription, _ shape: ImageShape, _ description: NetworkDescription, _ index: Int,
    _ blocks: inout [ParameterBlock], _ next: inout Int
  ) throws(BestResponseError) -> Stage {
    switch layer {
    case .dense(let outputs):
      return .affine(try affine(Windows(whole: shape), outputs, description, index, &blocks, &next))
    case .convolution(let channels, let kernel, let stride, let padding):
      let windows = try Windows(of: shape, side: kernel, stride: stride, padding: padding)
      return .affine(try affine(windows, channels, description, index, &blocks, &next))
    case .relu: return .relu
    case .tanh: return .tanh
    case .maxPooling(let side):
      guard side > 0, side <= min(shape.rows, shape.columns) else {
        throw .invalid("No square of \(side) pixels fits.")
      }
      return .maxPooling(side: side, shape)
    case .dropout(let setting): return .dropout(setting)
    case .inputNoise(let setting): return .noise(setting)
    case .cutout(let holes, let length): return .cutout(holes: holes, length: length, shape)
    }
  }

  private static func affine(
    _ windows: Windows, _ channels: Int, _ description: NetworkDescription, _ index: Int,
    _ blocks: inout [ParameterBlock], _ next: inout Int
  ) throws(BestResponseError) -> AffineLayer {
    guard channels > 0, channels < 1 << 24 else { throw .invalid("A layer has at least one output.") }
    var room = 1 << 40
    func take(_ role: ParameterBlock.Role, _ rows: Int, _ columns: Int) throws(BestResponseError) -> Range<Int> {
      let (count, overflows) = rows.multipliedReportingOverflow(by: columns)
      room -= overflows ? room : count
      guard room > 0 else { throw .invalid("A layer has too many weights.") }
      let range = next..<next + count
      blocks.append(ParameterBlock(layer: index, role: role, rows: rows, columns: columns, range: range))
      next = range.upperBound
      return range
    }
    let (weights, bias) = (try take(.weights, channels, windows.fan), try take(.bias, channels, 1))
    let k = description.responds
    let scale = k > 0 && description.hasScale ? try take(.scale, 1, 1) : nil
    guard k > 0 else {
      return AffineLayer(
        windows: windows, channels: channels, weights: weights, bias: bias, scale: nil, response: nil,
        hyperparameters: 0)
    }
    return AffineLayer(
      windows: windows, channels: channels, weights: weights, bias: bias, scale: scale,
      response: (
        try take(.responseWeights, channels, windows.fan), try take(.responseBias, channels, 1),
        try take(.gate, channels, k), try take(.biasGate, channels, k)
      ), hyperparameters: k)
  }

  /// Parameters to begin with: weights and biases even within ±1/√(inputs), factors 1, gates normal.
  public func initialParameters(using random: inout some RandomNumberGenerator) -> [Double] {
    var parameters = [Double](repeating: 0, count: parameterCount)
    for block in blocks {
      guard case .affine(let layer) = stages[block.layer] else { continue }
      let bound = 1 / Double(layer.windows.fan).squareRoot()
      for i in block.range {
        switch block.role {
        case .weights, .bias, .responseWeights, .responseBias: parameters[i] = bound * (2 * random.uniform() - 1)
        case .scale: parameters[i] = 1
        case .gate, .biasGate: parameters[i] = description.gateDeviation * random.normal()
        }
      }
    }
    return parameters
  }

  /// The ranges of the parameters that tell a response, or of the others.
  func ranges(response: Bool) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    for block in blocks where block.isResponse == response {
      if ranges.last?.upperBound == block.range.lowerBound {
        ranges[ranges.count - 1] = ranges[ranges.count - 1].lowerBound..<block.range.upperBound
      } else {
        ranges.append(block.range)
      }
    }
    return ranges
  }
}

// MARK: Passes

extension Network {
  /// A pass through the network with what its derivatives need.
  public struct Trace: Sendable {
    /// The outputs, outputs × N.
    public var output: Matrix
    var records: [Stage.Record]
    /// Inputs of layers that records have too, other than the batch.
    var inputs: [Matrix] = []
  }

  /// The first-order change of a pass where weights move by their response.
  package struct LinearTrace: Sendable {
    /// The change of the outputs, outputs × N.
    package var change: Matrix
    var responses: [AffineLayer.Response?]
  }

  /// Takes back what was computed in a pass that is not needed any more, so that the next finds room.
  func recycle(_ trace: Trace) {
    if !trace.records.allSatisfy(\.isUnchanged) { pool.give(trace.output) }
    for matrix in trace.inputs { pool.give(matrix) }
    for (stage, record) in zip(stages, trace.records) {
      switch (stage, record) {
      case (.affine(let layer), .affine(let record)): layer.recycle(record, pool)
      case (_, .factors(let factors)): pool.give(factors)
      default: break
      }
    }
  }

  /// Takes back what was computed of a linearised pass.
  func recycle(_ trace: LinearTrace) {
    pool.give(trace.change)
    for (stage, response) in zip(stages, trace.responses) {
      if case .affine(let layer) = stage, let response { layer.recycle(response, pool) }
    }
  }

  /// Passes a batch through.
  ///
  /// - Parameters:
  ///   - parameters: p numbers.
  ///   - x: the examples as columns.
  ///   - values: the hyperparameters of each example, in their units; without them nothing is dropped, disturbed or cut out.
  ///   - response: what the weights respond to, k × N; nil for no response.
  ///   - random: for what is dropped, disturbed and cut out.
  public func forward(
    _ parameters: [Double], _ x: Matrix, values: HyperparameterValues? = nil, response: Matrix? = nil,
    using random: inout some RandomNumberGenerator
  ) -> Trace {
    precondition(x.rows == description.input.count && parameters.count == parameterCount, "The input fits the network")
    var trace = Trace(output: x, records: [])
    var isOurs = false
    for stage in stages {
      let input = trace.output
      let (y, record) = stage.forward(parameters, input, values: values, response: response, using: &random, pool)
      trace.output = y
      trace.records.append(record)
      if record.isUnchanged { continue }
      if isOurs {
        if stage.remembersInput { trace.inputs.append(input) } else { pool.give(input) }
      }
      isOurs = true
    }
    return trace
  }

  /// Adds the gradient of a function of the outputs by the parameters.
  ///
  /// - Parameters:
  ///   - outputGradient: by the outputs, outputs × N.
  ///   - gradient: p numbers, added to.
  /// - Returns: the gradient by what the weights respond to, k × N; nil where there was no response.
  @discardableResult
  public func backward(
    _ parameters: [Double], _ trace: Trace, _ outputGradient: Matrix, into gradient: inout [Double]
  ) -> Matrix? {
    backward(parameters, trace, outputGradient, toInput: false, into: &gradient).response
  }

  /// Adds the gradient by the parameters as `backward` does; returns that by the input, numbers × N.
  package func backwardToInput(
    _ parameters: [Double], _ trace: Trace, _ outputGradient: Matrix, into gradient: inout [Double]
  ) -> Matrix {
    backward(parameters, trace, outputGradient, toInput: true, into: &gradient).input
  }

  private func backward(
    _ parameters: [Double], _ trace: Trace, _ outputGradient: Matrix, toInput: Bool, into gradient: inout [Double]
  ) -> (response: Matrix?, input: Matrix) {
    var delta = outputGradient
    var byResponse: Matrix?
    let first = firstAffine
    for (index, stage) in stages.enumerated().reversed() where toInput || index >= first {
      guard case .affine(let layer) = stage, case .affine(let record) = trace.records[index] else {
        replace(&delta, by: trace.records[index])
        continue
      }
      let (input, response) = layer.backward(
        parameters, record, delta, into: &gradient, needsInput: toInput || index > first, pool)
      Self.add(response, to: &byResponse)
      pool.give(delta)
      if let input { delta = input }
    }
    return (byResponse, delta)
  }

  /// Takes a gradient by the outputs of a stage without parameters to that by its inputs.
  private func replace(_ delta: inout Matrix, by record: Stage.Record) {
    if record.isIdentity { return }
    let before = delta
    delta = record.backward(before, pool)
    pool.give(before)
  }

  private var firstAffine: Int {
    stages.firstIndex { if case .affine = $0 { true } else { false } } ?? stages.count
  }

  private static func add(_ addend: Matrix?, to sum: inout Matrix?) {
    guard let addend else { return }
    if sum == nil { sum = addend } else { sum?.axpy(1, addend) }
  }

  /// The derivative of the outputs along a direction of the parameters, and of what they respond to.
  ///
  /// - Parameters:
  ///   - direction: p numbers; nil for none.
  ///   - inputs: k × N; nil for none.
  public func tangent(
    _ parameters: [Double], _ trace: Trace, direction: [Double]? = nil, response inputs: Matrix? = nil
  ) -> Matrix {
    let examples = trace.output.columns
    var moved: Matrix?
    for (index, stage) in stages.enumerated() {
      if case .affine(let layer) = stage, case .affine(let record) = trace.records[index] {
        moved = layer.tangent(
          parameters, record, input: moved, direction: direction, inputs: inputs, examples: examples, pool)
      } else if let input = moved {
        moved = trace.records[index].tangent(input, outputs: shapes[index].count, pool)
      }
    }
    return moved ?? Matrix(rows: outputCount, columns: examples)
  }

  /// The first-order change of the outputs of a pass without response, where weights move by their response to `inputs`.
  ///
  /// - Source: Bae and Grosse 2020, "Delta-STN: efficient bilevel optimization for neural networks using structured
  ///   response Jacobians", section 4.
  package func linearised(_ parameters: [Double], _ trace: Trace, response inputs: Matrix) -> LinearTrace {
    var moved: Matrix?
    var responses: [AffineLayer.Response?] = []
    for (index, stage) in stages.enumerated() {
      if case .affine(let layer) = stage, case .affine(let record) = trace.records[index] {
        let (change, response) = layer.linearised(parameters, record, input: moved, response: inputs, pool)
        pool.give(moved)
        moved = change
        responses.append(response)
      } else {
        if let input = moved, !trace.records[index].isIdentity {
          moved = trace.records[index].tangent(input, outputs: shapes[index].count, pool)
          pool.give(input)
        }
        responses.append(nil)
      }
    }
    return LinearTrace(
      change: moved ?? Matrix(rows: outputCount, columns: inputs.columns), responses: responses)
  }

  /// Adds the gradient of a function of the changed outputs by the response's parameters; others are left alone.
  ///
  /// - Returns: the gradient by what the weights respond to, k × N.
  @discardableResult
  package func backward(
    _ parameters: [Double], _ trace: Trace, _ linear: LinearTrace, _ outputGradient: Matrix,
    into gradient: inout [Double]
  ) -> Matrix? {
    var delta = outputGradient
    var byResponse: Matrix?
    let first = firstAffine
    for (index, stage) in stages.enumerated().reversed() where index >= first {
      guard case .affine(let layer) = stage, case .affine(let record) = trace.records[index] else {
        replace(&delta, by: trace.records[index])
        continue
      }
      let (input, response) = layer.backward(
        linearised: linear.responses[index], parameters, record, delta, into: &gradient, needsInput: index > first,
        pool)
      Self.add(response, to: &byResponse)
      pool.give(delta)
      if let input { delta = input }
    }
    return byResponse
  }
}
