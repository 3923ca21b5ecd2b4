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

  func scale(_ parameters: [Double]) -> Double { scale.map { parameters[$0.lowerBound] } ?? 1 }

  private func flat(_ y: Matrix, examples: Int) -> Matrix {
    windows.positions == 1 ? y : Matrix(rows: output.count, columns: examples, elements: y.elements)
  }

  private func byPosition(_ y: Matrix) -> Matrix {
    windows.positions == 1
      ? y : Matrix(rows: channels, columns: windows.positions * y.columns, elements: y.elements)
  }

  /// The gates of examples: Uλ and U′λ.
  func gates(_ parameters: [Double], _ inputs: Matrix, _ pool: BufferPool) -> (gate: Matrix, bias: Matrix)? {
    guard let response else { return nil }
    let (u, own) = (
      pool.block(response.gate, rows: channels, of: parameters),
      pool.block(response.biasGate, rows: channels, of: parameters)
    )
    defer {
      pool.give(u)
      pool.give(own)
    }
    return (pool.product(u, inputs), pool.product(own, inputs))
  }

  private func respond(_ parameters: [Double], _ x: Matrix, _ inputs: Matrix, _ pool: BufferPool) -> Response? {
    guard let response, let gates = gates(parameters, inputs, pool) else { return nil }
    let v = pool.block(response.weights, rows: channels, of: parameters)
    defer { pool.give(v) }
    return Response(inputs: inputs, gate: gates.gate, biasGate: gates.bias, product: pool.product(v, x))
  }

  /// Adds (Uλ) ⊙ (Vx) + (U′λ) ⊙ c.
  private func add(_ answer: Response, _ parameters: [Double], to y: inout Matrix, _ pool: BufferPool) {
    guard let response else { return }
    var value = pool.product(answer.product, gatedBy: answer.gate)
    let own = pool.product(answer.biasGate, rowsBy: Array(parameters[response.bias]))
    value.addAtPositions(own)
    y.axpy(1, value)
    pool.give(own)
    pool.give(value)
  }

  func forward(
    _ parameters: [Double], _ x: Matrix, response inputs: Matrix?, _ pool: BufferPool
  ) -> (Matrix, Record) {
    let gathered = windows.gather(x, pool)
    let w = pool.block(weights, rows: channels, of: parameters)
    var y = pool.product(w, gathered)
    pool.give(w)
    y.addToColumns(Array(parameters[bias]))
    var record = Record(windows: gathered)
    if scale != nil {
      record.plain = pool.copy(of: y)
      y.scale(by: scale(parameters))
    }
    if let inputs, let answer = respond(parameters, gathered, inputs, pool) {
      add(answer, parameters, to: &y, pool)
      record.response = answer
    }
    return (flat(y, examples: x.columns), record)
  }

  /// Adds the gradient by the parameters; returns those by the input and by λ.
  ///
  /// - Parameter needsInput: whether the gradient by the input is wanted.
  func backward(
    _ parameters: [Double], _ record: Record, _ outputGradient: Matrix, into gradient: inout [Double],
    needsInput: Bool, _ pool: BufferPool
  ) -> (input: Matrix?, response: Matrix?) {
    let delta = byPosition(outputGradient)
    let s = scale(parameters)
    add(s, delta, record.windows, to: weights, of: &gradient, pool)
    for (i, sum) in delta.rowSums.enumerated() { gradient[bias.lowerBound + i] += s * sum }
    if let scale, let plain = record.plain { gradient[scale.lowerBound] += delta.innerProduct(plain) }
    var input: Matrix?
    if needsInput {
      let w = pool.block(weights, rows: channels, of: parameters)
      var back = pool.product(w, delta, transposing: .left)
      pool.give(w)
      if s != 1 { back.scale(by: s) }
      input = back
    }
    let inner = record.response.map {
      backward(through: $0, parameters, record.windows, delta, into: &gradient, adding: &input, pool)
    }
    return (input.map { windows.scatter($0, examples: outputGradient.columns, pool) }, inner)
  }

  /// Adds the gradient of the response's part alone; returns that by λ.
  private func backward(
    through answer: Response, _ parameters: [Double], _ x: Matrix, _ delta: Matrix, into gradient: inout [Double],
    adding input: inout Matrix?, _ pool: BufferPool
  ) -> Matrix {
    guard let response else { return answer.inputs }
    let examples = answer.inputs.columns
    let gated = pool.product(delta, gatedBy: answer.gate)
    add(1, gated, x, to: response.weights, of: &gradient, pool)
    let byGate = delta.summedProduct(answer.product, examples: examples)
    add(1, byGate, answer.inputs, to: response.gate, of: &gradient, pool)
    let sums = delta.summedOverPositions(examples: examples)
    for (i, sum) in sums.timesElements(answer.biasGate).rowSums.enumerated() {
      gradient[response.bias.lowerBound + i] += sum
    }
    let byBiasGate = sums.scalingRows(by: Array(parameters[response.bias]))
    add(1, byBiasGate, answer.inputs, to: response.biasGate, of: &gradient, pool)
    if input != nil {
      let v = pool.block(response.weights, rows: channels, of: parameters)
      let back = pool.product(v, gated, transposing: .left)
      input?.axpy(1, back)
      pool.give(v)
      pool.give(back)
    }
    pool.give(gated)
    let (u, own) = (
      pool.block(response.gate, rows: channels, of: parameters),
      pool.block(response.biasGate, rows: channels, of: parameters)
    )
    var byInputs = pool.product(u, byGate, transposing: .left)
    byInputs.axpy(1, own.multiplying(byBiasGate, transposing: .left))
    pool.give(u)
    pool.give(own)
    return byInputs
  }

  /// Adds factor · delta · xᵀ.
  private func add(
    _ factor: Double, _ delta: Matrix, _ x: Matrix, to range: Range<Int>, of gradient: inout [Double],
    _ pool: BufferPool
  ) {
    var block = pool.product(delta, x, transposing: .right)
    if factor != 1 { block.scale(by: factor) }
    block.withUnsafeElements { source in
      gradient.withUnsafeMutableBufferPointer { target in
        for i in source.indices { target[range.lowerBound + i] += source[i] }
      }
    }
    pool.give(block)
  }

  /// Takes back what was remembered of a pass.
  func recycle(_ record: Record, _ pool: BufferPool) {
    // Windows of whole examples are the input, which may not be ours.
    if windows.kernel != nil { pool.give(record.windows) }
    pool.give(record.plain)
    record.response.map { recycle($0, pool) }
  }

  /// Takes back what was remembered of a response.
  func recycle(_ answer: Response, _ pool: BufferPool) {
    pool.give(answer.gate)
    pool.give(answer.biasGate)
    pool.give(answer.product)
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
    _ parameters: [Double], _ record: Record, input: Matrix?, direction: [Double]?, inputs: Matrix?, examples: Int,
    _ pool: BufferPool
  ) -> Matrix {
    func block(_ range: Range<Int>, _ numbers: [Double]) -> Matrix { pool.block(range, rows: channels, of: numbers) }
    var tangent = pool.zeros(rows: channels, columns: record.windows.columns)
    let s = scale(parameters)
    let gathered = input.map { windows.gather($0, pool) }
    if let gathered {
      tangent.gemm(alpha: s, block(weights, parameters), gathered)
      if let answer = record.response, let response {
        tangent.addProduct(block(response.weights, parameters).multiplying(gathered), gatedBy: answer.gate)
      }
    }
    if let direction {
      tangent.gemm(alpha: s, block(weights, direction), record.windows, beta: 1)
      tangent.addToColumns(direction[bias].map { s * $0 })
      if let scale, let plain = record.plain { tangent.axpy(direction[scale.lowerBound], plain) }
    }
    if let answer = record.response, let response {
      if let direction, let moved = gates(direction, answer.inputs, pool) {
        tangent.addProduct(block(response.weights, direction).multiplying(record.windows), gatedBy: answer.gate)
        tangent.addProduct(answer.product, gatedBy: moved.gate)
        tangent.addAtPositions(moved.bias.scalingRows(by: Array(parameters[response.bias])))
        tangent.addAtPositions(answer.biasGate.scalingRows(by: Array(direction[response.bias])))
      }
      if let inputs, let moved = gates(parameters, inputs, pool) {
        tangent.addProduct(answer.product, gatedBy: moved.gate)
        tangent.addAtPositions(moved.bias.scalingRows(by: Array(parameters[response.bias])))
      }
    }
    return flat(tangent, examples: examples)
  }

  /// The first-order change of the output where the weights move by the response to λ: W by diag(Uλ)V, b by U′λ ⊙ c.
  ///
  /// - Parameter input: the change of the input, nil for none.
  func linearised(
    _ parameters: [Double], _ record: Record, input: Matrix?, response inputs: Matrix, _ pool: BufferPool
  ) -> (Matrix, Response?) {
    var tangent: Matrix
    if let input {
      let gathered = windows.gather(input, pool)
      let w = pool.block(weights, rows: channels, of: parameters)
      tangent = pool.matrix(rows: channels, columns: record.windows.columns)
      tangent.gemm(alpha: scale(parameters), w, gathered)
      pool.give(w)
      if windows.kernel != nil { pool.give(gathered) }
    } else {
      tangent = pool.zeros(rows: channels, columns: record.windows.columns)
    }
    let answer = respond(parameters, record.windows, inputs, pool)
    if let answer { add(answer, parameters, to: &tangent, pool) }
    return (flat(tangent, examples: inputs.columns), answer)
  }

  /// The adjoint of `linearised`: adds the gradient by the response's parameters, returns those by the change of the input
  /// and by λ.
  func backward(
    linearised answer: Response?, _ parameters: [Double], _ record: Record, _ outputGradient: Matrix,
    into gradient: inout [Double], needsInput: Bool, _ pool: BufferPool
  ) -> (input: Matrix?, response: Matrix?) {
    let delta = byPosition(outputGradient)
    var input: Matrix?
    if needsInput {
      let w = pool.block(weights, rows: channels, of: parameters)
      var back = pool.product(w, delta, transposing: .left)
      pool.give(w)
      if scale(parameters) != 1 { back.scale(by: scale(parameters)) }
      input = windows.scatter(back, examples: outputGradient.columns, pool)
    }
    var none: Matrix?
    let inner = answer.map {
      backward(through: $0, parameters, record.windows, delta, into: &gradient, adding: &none, pool)
    }
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
