import DigitsPerceptron
import NumericalMethods
import Testing

@Suite("The gradient of the loss")
struct GradientTests {
  private static let parts = [\Layer.weights, \Layer.biases]
  private let digits: Digits
  private let perceptron: Perceptron

  init() throws {
    digits = try Digits(contentsOf: nil).subset(at: 0..<6)
    var perceptron = Perceptron(sizes: [64, 5, 4, 10], seed: 3)
    // Not 0, where a unit without inputs left would stand on the kink of its rectifier.
    for index in perceptron.layers.indices {
      for k in 0..<perceptron.layers[index].biases.rows { perceptron.layers[index].biases[k, 0] = 0.1 * Double(k + 1) }
    }
    self.perceptron = perceptron
  }

  private func pass(_ perceptron: Perceptron, dropout: Double = 0) -> (pass: Pass, loss: Double) {
    let choice = dropout > 0 ? Dropout(rate: dropout, seed: 5) : nil
    var pass = Pass(through: perceptron, examples: digits.count, dropout: choice)
    pass.load(digits, at: 0..<digits.count)
    perceptron.forward(&pass)
    let loss = pass.evaluate().loss
    return (pass, loss)
  }

  private func gradient(dropout: Double = 0) -> [Layer] {
    var gradient = perceptron.layers.map(Layer.init(shapedLike:))
    var pass = pass(perceptron, dropout: dropout).pass
    perceptron.backward(&pass, into: &gradient)
    return gradient
  }

  /// Central differences of a function of the network by each of its parameters.
  private func differences(of function: (Perceptron) -> Double) -> [Layer] {
    let h = 1e-5
    var result = perceptron.layers.map(Layer.init(shapedLike:))
    for index in result.indices {
      for part in Self.parts {
        let shape = result[index][keyPath: part]
        for i in 0..<shape.rows {
          for j in 0..<shape.columns {
            var (above, below) = (perceptron, perceptron)
            above.layers[index][keyPath: part][i, j] += h
            below.layers[index][keyPath: part][i, j] -= h
            result[index][keyPath: part][i, j] = (function(above) - function(below)) / (2 * h)
          }
        }
      }
    }
    return result
  }

  private func largestDifference(_ left: [Layer], _ right: [Layer]) -> Double {
    var largest = 0.0
    for (left, right) in zip(left, right) {
      for part in Self.parts {
        for (x, y) in zip(left[keyPath: part].elements, right[keyPath: part].elements) {
          largest = max(largest, abs(x - y))
        }
      }
    }
    return largest
  }

  @Test("Every layer's gradient is that of finite differences, with and without dropout", arguments: [0, 0.4])
  func finiteDifferences(dropout: Double) {
    let numeric = differences { pass($0, dropout: dropout).loss }
    #expect(
      numeric.allSatisfy { euclideanNorm($0.weights.elements) > 1e-3 && euclideanNorm($0.biases.elements) > 1e-3 })
    #expect(largestDifference(gradient(dropout: dropout), numeric) < 1e-8)
  }

  @Test("A step of descent with weight decay follows the loss with half the decay times the squared weights")
  func decay() {
    let (rate, decay) = (0.1, 0.3)
    let numeric = differences { changed in
      pass(changed).loss + decay / 2 * changed.layers.reduce(0) { $0 + dot($1.weights.elements, $1.weights.elements) }
    }
    var moved = perceptron
    var optimizer = Optimizer(.sgd(momentum: 0), weightDecay: decay, for: perceptron)
    optimizer.step(&moved, along: gradient(), learningRate: rate)
    let steps = zip(perceptron.layers, moved.layers).map { before, after in
      var layer = before
      for part in Self.parts {
        layer[keyPath: part] = (1 / rate) * (before[keyPath: part] - after[keyPath: part])
      }
      return layer
    }
    #expect(largestDifference(steps, numeric) < 1e-8)
  }
}
