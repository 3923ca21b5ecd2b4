import BestResponse
import Foundation
import NumericalMethods
import TestSupport
import Testing

@Suite("Hypernetworks")
struct HypernetworkTests {
  /// h = ½(w − a)² + ½e^λ w² in each weight, with the best response a/(1 + e^λ), and g = ½(w − b)².
  struct Shrinkage: ResponseProblem {
    let weightCount = 2
    let hyperparameterCount = 1

    func training(_ weights: [Double], _ lambda: [Double], batch: Int) -> (value: Double, gradient: [Double]) {
      let rate = exp(lambda[0])
      let value = weights.reduce(0) { $0 + ($1 - 1) * ($1 - 1) / 2 + rate * $1 * $1 / 2 }
      return (value, weights.map { $0 - 1 + rate * $0 })
    }

    func validation(_ weights: [Double], batch: Int) -> (value: Double, gradient: [Double]) {
      (weights.reduce(0) { $0 + ($1 - 0.25) * ($1 - 0.25) / 2 }, weights.map { $0 - 0.25 })
    }
  }

  private func training(
    _ method: HypernetworkTraining<Shrinkage>.Settings.Method, hidden: [Int],
    from state: HypernetworkTraining<Shrinkage>.State? = nil
  ) throws -> HypernetworkTraining<Shrinkage> {
    var settings = HypernetworkTraining<Shrinkage>.Settings(method)
    settings.optimiser = .adam(rate: 1e-2)
    settings.samples = 10
    return try HypernetworkTraining(
      Shrinkage(), Hypernetwork(hyperparameters: 1, weights: 2, hidden: hidden, isLinear: hidden == [1]), start: [0],
      settings: settings, from: state)
  }

  @Test("The global method learns the best response, and finds the hyperparameter of least validation loss")
  func global() throws {
    var run = try training(.global(deviation: 1.5, steps: 3_000), hidden: [20])
    while run.state.step < 3_000 { try run.advance() }
    // The response to −1, 0 and 1, which is within a standard deviation.
    for lambda in [-1.0, 0, 1] {
      let best = 1 / (1 + exp(lambda))
      #expect(run.weights(at: [lambda]).allSatisfy { abs($0 - best) < 0.02 })
    }
    while run.state.tuningStep < 500 { #expect(try run.advance().tuned) }
    // a/(1 + e^λ) = ¼ at λ = log 3.
    #expect(abs(run.state.lambda[0] - log(3)) < 0.1)
  }

  @Test("The local method alternates and comes to the same hyperparameter")
  func local() throws {
    var run = try training(.local(deviation: 0.3), hidden: [1])
    let kinds = try (0..<6).map { _ in try run.advance().tuned }
    #expect(kinds == [false, true, false, true, false, true])
    while run.state.tuningStep < 3_000 { try run.advance() }
    #expect(abs(run.state.lambda[0] - log(3)) < 0.1)
  }

  @Test("A training that is saved and restored takes the same steps to the last bit")
  func restart() throws {
    var straight = try training(.local(), hidden: [4])
    var restored = straight
    for _ in 0..<10 {
      try straight.advance()
      try restored.advance()
      let saved = try JSONEncoder().encode(restored.state)
      restored = try training(
        .local(), hidden: [4], from: JSONDecoder().decode(HypernetworkTraining<Shrinkage>.State.self, from: saved))
      #expect(restored.state == straight.state)
    }
  }

  @Test(
    "The factorised network of the paper has 164,860 weights, and the gradients of its classifier agree",
    arguments: [
      PenalisedClassifier.Penalty.shared, .perWeight,
    ])
  func classifier(penalty: PenalisedClassifier.Penalty) throws {
    #expect(
      try Hypernetwork(hyperparameters: 7_850, weights: 7_850, hidden: [10], isLinear: true).network.parameterCount
        == 164_860)
    var random = SplitMix64(seed: 1)
    let examples = try LabelledExamples(
      inputs: Matrix(rows: 3, columns: 8, elements: (0..<24).map { _ in Double.random(in: -1...1, using: &random) }),
      labels: [0, 1, 2, 0, 1, 2, 0, 1])
    let problem = try PenalisedClassifier(
      training: examples, validation: examples, classes: 3, penalty: penalty, batch: 5)
    let w = (0..<problem.weightCount).map { _ in Double.random(in: -1...1, using: &random) }
    let lambda = (0..<problem.hyperparameterCount).map { _ in Double.random(in: -2...0, using: &random) }
    let (training, validation) = (problem.training(w, lambda, batch: 1), problem.validation(w, batch: 1))
    for i in w.indices {
      var (up, down) = (w, w)
      up[i] += 1e-5
      down[i] -= 1e-5
      let slopes = (
        (problem.training(up, lambda, batch: 1).value - problem.training(down, lambda, batch: 1).value) / 2e-5,
        (problem.validation(up, batch: 1).value - problem.validation(down, batch: 1).value) / 2e-5
      )
      #expect(abs(slopes.0 - training.gradient[i]) < 1e-8 && abs(slopes.1 - validation.gradient[i]) < 1e-8)
    }
  }
}
