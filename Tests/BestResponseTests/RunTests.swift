import BestResponse
import NumericalMethods
import TestSupport
import Testing

@Suite("Perceptrons with what regularises them, and watched trainings")
struct RunTests {
  private static func examples(_ count: Int, seed: UInt64) throws -> LabelledExamples {
    var random = SplitMix64(seed: seed)
    let inputs = Matrix(
      rows: 3, columns: count, elements: (0..<3 * count).map { _ in Double.random(in: -1...1, using: &random) })
    return try LabelledExamples(inputs: inputs, labels: (0..<count).map { inputs[0, $0] + inputs[1, $0] > 0 ? 1 : 0 })
  }

  private static func training(
    _ perceptron: RegularisedPerceptron, _ method: SelfTuningSettings.Method = .selfTuning, rate: Double = 0.05
  ) throws -> SelfTuningTraining {
    var settings = SelfTuningSettings(hyperparameters: perceptron.hyperparameters)
    settings.method = method
    (settings.batch, settings.validationBatch) = (20, 20)
    settings.weightDecays = perceptron.weightDecays
    settings.labelSmoothing = perceptron.labelSmoothing
    settings.optimiser = .momentum(rate: rate)
    return try SelfTuningTraining(
      input: .vector(3), layers: perceptron.layers, settings: settings, training: examples(80, seed: 1),
      validation: examples(60, seed: 2))
  }

  @Test("Everything that is tuned has a hyperparameter where it acts, in order, with its own start")
  func everything() throws {
    let perceptron = try RegularisedPerceptron(
      hidden: [8, 4], classes: 2, tuned: RegularisedPerceptron.Regulariser.allCases,
      starts: ["dropout": 0.2, "dropout_2": 0.3])
    #expect(
      perceptron.hyperparameters.map(\.name) == [
        "input_noise", "input_dropout", "dropout_1", "dropout_2", "weight_decay", "layer_weight_decay_1",
        "layer_weight_decay_2", "layer_weight_decay_3", "label_smoothing",
      ])
    #expect(perceptron.hyperparameters[2].start == 0.2 && perceptron.hyperparameters[3].start == 0.3)
    #expect(
      perceptron.layers == [
        .inputNoise(.tuned(0)), .dropout(.tuned(1)), .dense(8), .relu, .dropout(.tuned(2)), .dense(4), .relu,
        .dropout(.tuned(3)), .dense(2),
      ])
    #expect(perceptron.weightDecays.map(\.layer) == [2, 5, 8, 2, 5, 8])
    var run = try Self.training(perceptron)
    for _ in 0..<9 { try run.advance() }
    #expect(run.state.validationStep > 0)
  }

  @Test("What is known is no hyperparameter, and what is neither is left out")
  func known() throws {
    let perceptron = try RegularisedPerceptron(
      hidden: [8], classes: 2, tuned: [], known: ["dropout": 0.5, "weight_decay": 0.01, "label_smoothing": 0])
    #expect(perceptron.hyperparameters.isEmpty && perceptron.labelSmoothing == nil)
    #expect(perceptron.layers == [.dense(8), .relu, .dropout(.fixed(0.5)), .dense(2)])
    #expect(perceptron.weightDecays.map(\.rate) == [.fixed(0.01), .fixed(0.01)])
  }

  @Test("Names and values that mean nothing are refused")
  func refusals() {
    func refused(
      _ tuned: [RegularisedPerceptron.Regulariser] = [], _ starts: [String: Double] = [:],
      _ known: [String: Double] = [:], hidden: [Int] = [8]
    ) -> Bool {
      do throws(BestResponseError) {
        _ = try RegularisedPerceptron(hidden: hidden, classes: 2, tuned: tuned, starts: starts, known: known)
        return false
      } catch {
        return true
      }
    }
    #expect(!refused([.dropout], ["dropout_1": 0.1]))
    #expect(refused([.dropout], ["dropout_2": 0.1]))
    #expect(refused([.dropout], ["dropout": 0.95]))
    #expect(refused([], ["dropout": 0.1]))
    #expect(refused([], [:], ["dropout": 1]))
    #expect(refused([], [:], ["luck": 1]))
    #expect(refused(hidden: []))
  }

  @Test("The best moment is that of the least validation loss, and test examples are looked at there alone")
  func watching() throws {
    let perceptron = try RegularisedPerceptron(hidden: [8], classes: 2, tuned: [.dropout])
    var watched = WatchedTraining(
      try Self.training(perceptron), validation: try Self.examples(60, seed: 2), test: try Self.examples(60, seed: 3),
      every: 10)
    var looks = 0
    watched.advance(to: 95) { _ in looks += 1 }
    #expect(watched.moments.map(\.step) == [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95])
    #expect(looks == 10)
    #expect(watched.best.validation.loss == watched.moments.map(\.validation.loss).min())
    #expect(watched.best.test != nil && watched.last.step == 95)
  }

  @Test("A schedule that is gone through again has the values of the training that made it")
  func replay() throws {
    let perceptron = try RegularisedPerceptron(hidden: [8], classes: 2, tuned: [.dropout, .weightDecay])
    var tuned = try Self.training(perceptron)
    while tuned.state.step < 30 { try tuned.advance() }
    let examples = try Self.examples(60, seed: 2)
    var watched = WatchedTraining(
      try Self.training(perceptron, .fixed), validation: examples, test: examples, every: 1,
      replaying: tuned.state.schedule)
    watched.advance(to: 30)
    for entry in watched.run.state.schedule.entries {
      let expected = tuned.state.schedule.values(atStep: entry.step - 1) ?? []
      for (value, wanted) in zip(entry.values, expected) { #expect(abs(value - wanted) < 1e-9) }
    }
    #expect(watched.run.values != watched.moments[0].values)
  }

  @Test("A training that diverges is over, with what it had come to")
  func divergence() throws {
    let perceptron = try RegularisedPerceptron(hidden: [8], classes: 2, tuned: [.dropout])
    let examples = try Self.examples(60, seed: 2)
    var watched = WatchedTraining(
      try Self.training(perceptron, rate: 1e200), validation: examples, test: examples, every: 1)
    watched.advance(to: 50)
    #expect(watched.divergedAt != nil)
    #expect(watched.best.validation.loss.isFinite)
  }

  @Test("Perturbed hyperparameters move as their gradient tells, and deviations that are not learned stay")
  func perturbed() {
    var point = PerturbedHyperparameters(at: [1, -1], deviation: 0.5)
    #expect(point.deviations == [0.5, 0.5])
    point.step(byLambda: [2, -3], byDeviation: nil, entropyWeight: 1, optimiser: .adam(rate: 0.1))
    #expect(abs(point.lambda[0] - 0.9) < 1e-6 && abs(point.lambda[1] + 0.9) < 1e-6)
    #expect(point.deviations == [0.5, 0.5])
    // Without a slope of the loss the entropy alone widens them.
    point.step(byLambda: [0, 0], byDeviation: [0, 0], entropyWeight: 1, optimiser: .adam(rate: 0.1))
    #expect(point.deviations.allSatisfy { $0 > 0.5 } && point.isSound(2))
    point.step(byLambda: [.infinity, 0], byDeviation: [0, 0], entropyWeight: 0, optimiser: .adam(rate: 0.1))
    #expect(!point.isFinite)
  }
}
