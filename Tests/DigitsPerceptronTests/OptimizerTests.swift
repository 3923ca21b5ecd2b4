import DigitsPerceptron
import NumericalMethods
import Testing

@Suite("The optimizers")
struct OptimizerTests {
  /// A network of one weight, 2, and one bias, 0.5, after so many steps along a constant gradient.
  private func walk(
    _ rule: Optimizer.Rule, gradient slope: Double, steps: Int, decay: Double = 0
  ) -> (weight: Double, bias: Double) {
    var perceptron = Perceptron(sizes: [1, 1], seed: 1)
    perceptron.layers[0].weights = Matrix([[2]])
    perceptron.layers[0].biases = Matrix([[0.5]])
    var gradient = perceptron.layers
    gradient[0].weights = Matrix([[slope]])
    gradient[0].biases = Matrix([[slope]])
    var optimizer = Optimizer(rule, weightDecay: decay, for: perceptron)
    for _ in 0..<steps { optimizer.step(&perceptron, along: gradient, learningRate: 0.1) }
    return (perceptron.layers[0].weights[0, 0], perceptron.layers[0].biases[0, 0])
  }

  @Test("Momentum adds a share of the last velocity")
  func momentum() {
    // Velocities 3, 3 + 1.5, 3 + 1.5 + 0.75.
    #expect(abs(walk(.sgd(momentum: 0.5), gradient: 3, steps: 3).weight - (2 - 0.1 * 12.75)) < 1e-12)
  }

  @Test("Under a constant gradient of any size every step of Adam is the learning rate", arguments: [1e-3, 1, 1e3])
  func adamIsScaleFree(slope: Double) {
    #expect(abs(walk(.adam(beta2: 0.99), gradient: slope, steps: 5).weight - (2 - 5 * 0.1)) < 1e-4)
  }

  @Test(
    "Decay takes its share off weights alone, whatever the gradients",
    arguments: [.sgd(momentum: 0.9), .adam(beta2: 0.99)] as [Optimizer.Rule])
  func decoupledDecay(rule: Optimizer.Rule) {
    let end = walk(rule, gradient: 0, steps: 2, decay: 0.5)
    #expect(abs(end.weight - 2 * 0.95 * 0.95) < 1e-12)
    #expect(end.bias == 0.5)
  }
}
