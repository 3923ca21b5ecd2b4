package import NumericalMethods

/// The weights and biases of one layer; also their gradient, and what an optimizer keeps for each of them.
package struct Layer: Equatable {
  /// One row per unit of this layer, one column per unit of the layer below.
  package var weights: Matrix

  /// One row per unit of this layer, in one column.
  package var biases: Matrix

  /// A layer of zeros.
  package init(inputs: Int, outputs: Int) {
    weights = Matrix(rows: outputs, columns: inputs)
    biases = Matrix(rows: outputs, columns: 1)
  }

  /// A layer of zeros with the shape of another.
  package init(shapedLike other: Layer) {
    self.init(inputs: other.weights.columns, outputs: other.weights.rows)
  }

  /// A layer with biases of 0 and weights that keep the signal's variance through rectified units.
  ///
  /// - Source: He, Zhang, Ren, Sun 2015, "Delving deep into rectifiers", equation 10.
  package init(inputs: Int, outputs: Int, drawing stream: inout SplitMix64) {
    self.init(inputs: inputs, outputs: outputs)
    let deviation = (2 / Double(inputs)).squareRoot()
    weights = weights.map { _ in deviation * stream.normal() }
  }
}

extension Layer: Codable {
  private enum Key: CodingKey { case inputs, weights, biases }

  /// Reads a layer.
  ///
  /// - Throws: `DecodingError` where the numbers are not those of a layer.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let inputs = try container.decode(Int.self, forKey: .inputs)
    let weights = try container.decode([Double].self, forKey: .weights)
    let biases = try container.decode([Double].self, forKey: .biases)
    guard inputs > 0, inputs.multipliedReportingOverflow(by: biases.count) == (weights.count, false) else {
      throw DecodingError.dataCorruptedError(forKey: .weights, in: container, debugDescription: "of another shape")
    }
    self.weights = Matrix(rows: biases.count, columns: inputs, elements: weights)
    self.biases = Matrix(rows: biases.count, columns: 1, elements: biases)
  }

  /// Writes the layer.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(weights.columns, forKey: .inputs)
    try container.encode(weights.elements, forKey: .weights)
    try container.encode(biases.elements, forKey: .biases)
  }
}
