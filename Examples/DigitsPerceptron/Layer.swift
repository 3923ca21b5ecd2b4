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
