import Foundation
package import NumericalMethods

/// The memory of one pass of some examples through a network, used again for every batch of that size.
package struct Pass {
  /// The inputs, then the outputs of each layer: one column per example.
  ///
  /// The last are the logits.
  package var outputs: [Matrix]

  /// The derivatives of the mean loss by what each layer computes before it rectifies, one column per example.
  package var slopes: [Matrix]

  /// Leaves out hidden units on the way forward; `nil` keeps them all.
  package var dropout: Dropout?

  /// The class of each example.
  package private(set) var labels: [Int]

  /// A one for each example: what sums over examples are made with.
  let ones: Matrix

  /// Memory for passes of so many examples.
  package init(through perceptron: Perceptron, examples: Int, dropout: Dropout? = nil) {
    let layers = perceptron.layers
    outputs = ([layers[0].weights.columns] + layers.map(\.weights.rows)).map { Matrix(rows: $0, columns: examples) }
    slopes = Array(outputs.dropFirst())
    self.dropout = dropout
    labels = Array(repeating: 0, count: examples)
    ones = Matrix(rows: examples, columns: 1, repeating: 1)
  }

  /// Takes the images at these places as inputs; there must be as many as the pass has examples.
  package mutating func load(_ digits: Digits, at indices: some Collection<Int>) {
    precondition(indices.count == labels.count, "A pass takes as many images as it was made for")
    outputs[0].copyColumns(at: indices, of: digits.images)
    for (example, index) in indices.enumerated() { labels[example] = digits.labels[index] }
  }

  /// Measures how well the logits predict the labels, and leaves the slopes of the mean loss by the logits.
  package mutating func evaluate() -> Evaluation {
    let (logits, labels) = (outputs[outputs.count - 1], labels)
    let classes = logits.rows
    var loss = 0.0
    var mistakes = 0
    logits.withUnsafeElements { logits in
      slopes[slopes.count - 1].withUnsafeMutableElements { slopes in
        for (example, label) in labels.enumerated() {
          let column = example * classes..<(example + 1) * classes
          let own = logits[column.lowerBound + label]
          // The largest is taken off first, so that no exponential overflows.
          let largest = logits[column].max() ?? own
          var sum = 0.0
          for k in column {
            slopes[k] = exp(logits[k] - largest)
            sum += slopes[k]
          }
          for k in column { slopes[k] /= sum * Double(labels.count) }
          slopes[column.lowerBound + label] -= 1 / Double(labels.count)
          loss += log(sum) + largest - own
          // A class is recognised where it alone has the largest logit; logits that are not numbers name no class.
          if column.count(where: { logits[$0] >= own }) != 1 || !sum.isFinite { mistakes += 1 }
        }
      }
    }
    let count = Double(labels.count)
    return Evaluation(loss: loss / count, error: Double(mistakes) / count)
  }
}
