import NumericalMethods

/// A layer with weights, whose outputs may respond to hyperparameters: y = s·(Wx + b) + (Uλ) ⊙ (Vx) + (U′λ) ⊙ c.
///
/// Without a response it is y = Wx + b. Each output channel has one gate, so that a layer takes about twice its memory, and
/// each example may have its own λ. In a convolution x stands for each window.
/// - Source: MacKay, Vicol, Lorraine, Duvenaud, Grosse 2019, "Self-tuning networks", section 3.
struct AffineLayer: Sendable {
  let windows: Windows
  let channels: Int
  /// Where the blocks stand; nil for those that the layer does not have.
  let weights, bias: Range<Int>
  let scale: Range<Int>?
  let response: (weights: Range<Int>, bias: Range<Int>, gate: Range<Int>, biasGate: Range<Int>)?
  /// The number k of hyperparameters that it responds to.
  let hyperparameters: Int

  /// What is remembered of a pass, for derivatives.
  struct Record: Sendable {
    /// The gathered windows of the input.
    var windows: Matrix
    /// Wx + b, where there is a scale.
    var plain: Matrix?
    var response: Response?
  }

  /// What is remembered of the response of a pass.
  struct Response: Sendable {
    /// λ of each example, k × N.
    var inputs: Matrix
    /// Uλ and U′λ, channels × N.
    var gate, biasGate: Matrix
    /// Vx, channels × (positions · N).
    var product: Matrix
  }

  var output: ImageShape { ImageShape(rows: windows.rows, columns: windows.columns, channels: channels) }

  private func matrix(_ range: Range<Int>, _ rows: Int, _ parameters: [Double]) -> Matrix {
    Matrix(rows: rows, columns: rows == 0 ? 0 : range.count / rows, elements: Array(parameters[range]))
  }

  func weightMatrix(_ parameters: [Double]) -> Matrix { matrix(weights, channels, parameters) }

  func responseMatrix(_ parameters: [Double]) -> Matrix? { response.map { matrix($0.weights, channels, parameters) } }

  func scale(_ parameters: [Double]) -> Double { scale.map { parameters[$0.lowerBound] } ?? 1 }

  private func flat(_ y: Matrix, examples: Int) -> Matrix {
    windows.positions == 1 ? y : Matrix(rows: output.count, columns: examples, elements: y.elements)
  }

  private func byPosition(_ y: Matrix) -> Matrix {
    windows.positions == 1
      ? y : Matrix(rows: channels, columns: windows.positions * y.columns, elements: y.elements)
  }

  /// The gates of examples: Uλ and U′λ.
  func gates(_ parameters: [Double], _ inputs: Matrix) -> (gate: Matrix, bias: Matrix)? {
    guard let response else { return nil }
    return (
      matrix(response.gate, channels, parameters).multiplying(inputs),
      matrix(response.biasGate, channels, parameters).multiplying(inputs)
    )
  }

  private func respond(_ parameters: [Double], _ x: Matrix, _ inputs: Matrix) -> Response? {
    guard let gates = gates(parameters, inputs), let v = responseMatrix(parameters) else { return nil }
    return Response(inputs: inputs, gate: gates.gate, biasGate: gates.bias, product: v.multiplying(x))
  }

  /// (Uλ) ⊙ (Vx) + (U′λ) ⊙ c.
  private func value(of answer: Response, _ parameters: [Double]) -> Matrix {
    var y = answer.product.gated(by: answer.gate)
    guard let response else { return y }
    var own = answer.biasGate
    let c = Array(parameters[response.bias])
    own = own.scalingRows(by: c)
    y.addAtPositions(own)
    return y
  }

  func forward(_ parameters: [Double], _ x: Matrix, response inputs: Matrix?) -> (Matrix, Record) {
    let gathered = windows.gather(x)
    var y = weightMatrix(parameters).multiplying(gathered)
    y.addToColumns(Array(parameters[bias]))
    var record = Record(windows: gathered)
    if scale != nil {
      record.plain = y
      y.scale(by: scale(parameters))
    }
    if let inputs, let answer = respond(parameters, gathered, inputs) {
      y.axpy(1, value(of: answer, parameters))
      record.response = answer
    }
    return (flat(y, examples: x.columns), record)
  }

  /// Adds the gradient by the parameters; returns those by the input and by λ.
  ///
  /// - Parameter needsInput: whether the gradient by the input is wanted.
  func backward(
    _ parameters: [Double], _ record: Record, _ outputGradient: Matrix, into gradient: inout [Double],
    needsInput: Bool
  ) -> (input: Matrix?, response: Matrix?) {
    let delta = byPosition(outputGradient)
    let s = scale(parameters)
    var product = delta.multiplying(record.windows, transposing: .right)
    product.scale(by: s)
    add(product, to: weights, of: &gradient)
    for (i, sum) in delta.rowSums.enumerated() { gradient[bias.lowerBound + i] += s * sum }
    if let scale, let plain = record.plain { gradient[scale.lowerBound] += delta.innerProduct(plain) }
    var input: Matrix?
    if needsInput {
      var back = weightMatrix(parameters).multiplying(delta, transposing: .left)
      back.scale(by: s)
      input = back
    }
    let inner = record.response.map {
      backward(through: $0, parameters, record.windows, delta, into: &gradient, adding: &input)
    }
    return (input.map { windows.scatter($0, examples: outputGradient.columns) }, inner)
  }

  /// Adds the gradient of the response's part alone; returns that by λ.
  private func backward(
    through answer: Response, _ parameters: [Double], _ x: Matrix, _ delta: Matrix, into gradient: inout [Double],
    adding input: inout Matrix?
  ) -> Matrix {
    guard let response, let v = responseMatrix(parameters) else { return answer.inputs }
    let examples = answer.inputs.columns
    let gated = delta.gated(by: answer.gate)
    add(gated.multiplying(x, transposing: .right), to: response.weights, of: &gradient)
    let byGate = delta.timesElements(answer.product).summedOverPositions(examples: examples)
    add(byGate.multiplying(answer.inputs, transposing: .right), to: response.gate, of: &gradient)
    let sums = delta.summedOverPositions(examples: examples)
    for (i, sum) in sums.timesElements(answer.biasGate).rowSums.enumerated() {
      gradient[response.bias.lowerBound + i] += sum
    }
    let byBiasGate = sums.scalingRows(by: Array(parameters[response.bias]))
    add(byBiasGate.multiplying(answer.inputs, transposing: .right), to: response.biasGate, of: &gradient)
    if input != nil { input?.axpy(1, v.multiplying(gated, transposing: .left)) }
    var byInputs = matrix(response.gate, channels, parameters).multiplying(byGate, transposing: .left)
    byInputs.axpy(1, matrix(response.biasGate, channels, parameters).multiplying(byBiasGate, transposing: .left))
    return byInputs
  }

  private func add(_ block: Matrix, to range: Range<Int>, of gradient: inout [Double]) {
    block.withUnsafeElements { source in
      gradient.withUnsafeMutableBufferPointer { target in
        for i in source.indices { target[range.lowerBound + i] += source[i] }
      }
    }
  }
}

// MARK: Forward derivatives

extension AffineLayer {
  /// The derivative of the output along a direction of input and parameters, at a pass that has been made.
  ///
  /// - Parameters:
  ///   - input: of the input, nil for none.
  ///   - direction: of all parameters, nil for none.
  ///   - inputs: of λ, nil for none.
  func tangent(
    _ parameters: [Double], _ record: Record, input: Matrix?, direction: [Double]?, inputs: Matrix?, examples: Int
  ) -> Matrix {
    var tangent = Matrix(rows: channels, columns: record.windows.columns)
    let s = scale(parameters)
    let gathered = input.map(windows.gather)
    if let gathered {
      tangent.gemm(alpha: s, weightMatrix(parameters), gathered)
      if let answer = record.response, let v = responseMatrix(parameters) {
        tangent.axpy(1, v.multiplying(gathered).gated(by: answer.gate))
      }
    }
    if let direction {
      tangent.gemm(alpha: s, weightMatrix(direction), record.windows, beta: 1)
      tangent.addToColumns(direction[bias].map { s * $0 })
      if let scale, let plain = record.plain { tangent.axpy(direction[scale.lowerBound], plain) }
    }
    if let answer = record.response, let response {
      if let direction, let turn = responseMatrix(direction), let moved = gates(direction, answer.inputs) {
        tangent.axpy(1, turn.multiplying(record.windows).gated(by: answer.gate))
        tangent.axpy(1, answer.product.gated(by: moved.gate))
        tangent.addAtPositions(moved.bias.scalingRows(by: Array(parameters[response.bias])))
        tangent.addAtPositions(answer.biasGate.scalingRows(by: Array(direction[response.bias])))
      }
      if let inputs, let moved = gates(parameters, inputs) {
        tangent.axpy(1, answer.product.gated(by: moved.gate))
        tangent.addAtPositions(moved.bias.scalingRows(by: Array(parameters[response.bias])))
      }
    }
    return flat(tangent, examples: examples)
  }

  /// The first-order change of the output where the weights move by the response to λ: W by diag(Uλ)V, b by U′λ ⊙ c.
  ///
  /// - Parameter input: the change of the input, nil for none.
  func linearised(
    _ parameters: [Double], _ record: Record, input: Matrix?, response inputs: Matrix
  ) -> (Matrix, Response?) {
    var tangent = Matrix(rows: channels, columns: record.windows.columns)
    if let input { tangent.gemm(alpha: scale(parameters), weightMatrix(parameters), windows.gather(input)) }
    let answer = respond(parameters, record.windows, inputs)
    if let answer { tangent.axpy(1, value(of: answer, parameters)) }
    return (flat(tangent, examples: inputs.columns), answer)
  }

  /// The adjoint of `linearised`: adds the gradient by the response's parameters, returns those by the change of the input
  /// and by λ.
  func backward(
    linearised answer: Response?, _ parameters: [Double], _ record: Record, _ outputGradient: Matrix,
    into gradient: inout [Double], needsInput: Bool
  ) -> (input: Matrix?, response: Matrix?) {
    let delta = byPosition(outputGradient)
    var input: Matrix?
    if needsInput {
      var back = weightMatrix(parameters).multiplying(delta, transposing: .left)
      back.scale(by: scale(parameters))
      input = windows.scatter(back, examples: outputGradient.columns)
    }
    var none: Matrix?
    let inner = answer.map { backward(through: $0, parameters, record.windows, delta, into: &gradient, adding: &none) }
    return (input, inner)
  }
}

extension Matrix {
  /// Each row multiplied by its number.
  func scalingRows(by factors: [Double]) -> Matrix {
    var result = self
    let rows = rows
    result.withUnsafeMutableElements { target in
      for j in 0..<target.count / max(1, rows) { for i in 0..<rows { target[j * rows + i] *= factors[i] } }
    }
    return result
  }
}
