import BestResponse
import Foundation
import NumericalMethods
import TestSupport
import Testing
import TuningModel

@Suite("Training that tunes itself")
struct SelfTuningTests {
  /// Two classes of points in six dimensions, a tenth of the labels wrong.
  private static func examples(_ count: Int, seed: UInt64) throws -> LabelledExamples {
    var random = SplitMix64(seed: seed)
    var (elements, labels): ([Double], [Int]) = ([], [])
    for i in 0..<count {
      let label = i % 2
      elements += (0..<6).map { k in Double.random(in: -1...1, using: &random) + (k < 2 ? Double(label) : 0) }
      labels.append(Double.random(in: 0..<1, using: &random) < 0.1 ? 1 - label : label)
    }
    return try LabelledExamples(inputs: Matrix(rows: 6, columns: count, elements: elements), labels: labels)
  }

  private static func training(
    _ method: SelfTuningSettings.Method, from state: SelfTuningState? = nil,
    change: (inout SelfTuningSettings) -> Void = { _ in }
  ) throws -> SelfTuningTraining {
    var settings = SelfTuningSettings(hyperparameters: [
      TunedHyperparameter("dropout", .interval(low: 0, high: 0.9), start: 0.8),
      TunedHyperparameter("decay", .exponential, start: 1e-3),
      TunedHyperparameter("smoothing", .interval(low: 0, high: 0.5), start: 0.1),
    ])
    settings.method = method
    (settings.batch, settings.validationBatch) = (20, 20)
    settings.weightDecays = [WeightDecay(layer: 0, rate: .tuned(1))]
    settings.labelSmoothing = .tuned(2)
    settings.tuningOptimiser = .adam(rate: 0.05)
    settings.warmUp = 5
    // λ of the decay is about −7, which multiplies the steps of the response.
    settings.optimiser = .momentum(rate: 0.01)
    change(&settings)
    return try SelfTuningTraining(
      input: .vector(6), layers: [.dense(16), .tanh, .dropout(.tuned(0)), .dense(2)], settings: settings,
      training: examples(120, seed: 1), validation: examples(80, seed: 2), from: state)
  }

  @Test(
    "A training that is saved and restored between any two steps takes the same steps to the last bit",
    arguments: SelfTuningSettings.Method.allCases)
  func restart(method: SelfTuningSettings.Method) throws {
    var straight = try Self.training(method)
    var restored = try Self.training(method)
    for _ in 0..<20 {
      let expected = try straight.advance()
      #expect(try restored.advance() == expected)
      let saved = try JSONEncoder().encode(restored.state)
      restored = try Self.training(method, from: JSONDecoder().decode(SelfTuningState.self, from: saved))
      #expect(restored.state == straight.state)
    }
  }

  @Test("Weights train alone until they are warm; then so many steps of each follow in turn")
  func turns() throws {
    var run = try Self.training(.selfTuning)
    let kinds = try (0..<14).map { _ in try run.advance().isValidation }
    #expect(
      kinds == [
        false, false, false, false, false, false, false, true, false, false, true, false, false, true,
      ])
    var fixed = try Self.training(.fixed)
    for _ in 0..<14 { #expect(try !fixed.advance().isValidation) }
    #expect(abs(fixed.values[0] - 0.8) < 1e-12)
  }

  @Test("The schedule has every step, and is exported as CSV and JSON")
  func schedule() throws {
    var run = try Self.training(.selfTuning)
    for _ in 0..<14 { try run.advance() }
    let schedule = run.state.schedule
    #expect(schedule.entries.count == 14)
    #expect(schedule.entries.last?.values == run.values)
    #expect(schedule.entries.last?.deviations == run.deviations)
    let lines = schedule.csv.split(separator: "\n")
    #expect(lines.count == 15)
    #expect(lines[0].hasPrefix("step,kind,loss,dropout,decay,smoothing,dropout deviation"))
    #expect(lines[8].hasPrefix("7,validation,"))
    guard case .array(let steps)? = schedule.json["step"] else { return #expect(Bool(false), "no steps") }
    #expect(steps.count == 14 && steps.last == 11)
    #expect(schedule.values(atStep: 6) == schedule.entries[5].values)
    #expect(schedule.values(atStep: 7) == schedule.entries[7].values)
    #expect(schedule.values(atStep: 0) == schedule.entries[0].values)
  }

  @Test(
    "From a dropout that is too much it comes to less, and to a lower validation loss than by staying there",
    arguments: [SelfTuningSettings.Method.selfTuning, .delta])
  func learning(method: SelfTuningSettings.Method) throws {
    let judged = try Self.examples(80, seed: 2)
    var tuned = try Self.training(method)
    var fixed = try Self.training(.fixed)
    // The seed is fixed; nothing is left to chance.
    while tuned.state.step < 600 { try tuned.advance() }
    while fixed.state.step < 600 { try fixed.advance() }
    #expect(tuned.values[0] < 0.6)
    #expect(tuned.evaluate(judged).loss < fixed.evaluate(judged).loss)
  }

  @Test(
    "The slope that the response tells is that of weights trained anew at neighbouring penalties",
    arguments: [SelfTuningSettings.Method.selfTuning, .delta])
  func hypergradient(method: SelfTuningSettings.Method) throws {
    let (training, judged) = (try Self.examples(120, seed: 1), try Self.examples(80, seed: 2))
    func trained(_ method: SelfTuningSettings.Method, decay: Double, steps: Int) throws -> SelfTuningTraining {
      var settings = SelfTuningSettings(hyperparameters: [
        TunedHyperparameter("decay", .exponential, start: decay)
      ])
      settings.method = method
      // All examples in each step, and none of the hyperparameter: both losses are convex in the weights.
      (settings.batch, settings.validationSteps) = (120, 0)
      settings.weightDecays = [WeightDecay(layer: 0, rate: .tuned(0))]
      settings.optimiser = .momentum(rate: method == .selfTuning ? 0.2 : 0.5)
      settings.responseOptimiser = .momentum(rate: 0.1)
      // Steps that are longer leave noise in the response; the seed is fixed.
      (settings.deviation, settings.learnsDeviation) = (0.5, false)
      var run = try SelfTuningTraining(
        input: .vector(6), layers: [.dense(2)], settings: settings, training: training, validation: judged)
      while run.state.step < steps { try run.advance() }
      return run
    }
    let (low, high) = (
      try trained(.fixed, decay: 0.1 * exp(-0.1), steps: 300),
      try trained(.fixed, decay: 0.1 * exp(0.1), steps: 300)
    )
    let slope = (high.evaluate(judged).loss - low.evaluate(judged).loss) / 0.2
    let run = try trained(method, decay: 0.1, steps: 2_000)
    let told = try #require(run.hypergradient(judged).first)
    #expect(abs(told - slope) < 0.15 * abs(slope), "told \(told), measured \(slope)")
  }

  @Test("Whole hyperparameters are tuned through the response, though they have no derivative")
  func whole() throws {
    var settings = SelfTuningSettings(hyperparameters: [
      TunedHyperparameter("holes", .whole(low: 0, high: 3), start: 2),
      TunedHyperparameter("length", .whole(low: 0, high: 2), start: 1),
    ])
    (settings.batch, settings.validationBatch) = (20, 20)
    settings.tuningOptimiser = .adam(rate: 0.1)
    let examples = try Self.examples(120, seed: 3)
    var run = try SelfTuningTraining(
      input: ImageShape(rows: 2, columns: 3, channels: 1),
      layers: [
        .cutout(holes: .tuned(0), length: .tuned(1)), .convolution(channels: 3, kernel: 2), .relu, .dense(2),
      ], settings: settings, training: examples, validation: examples)
    let before = run.state.lambda
    for _ in 0..<60 { try run.advance() }
    #expect(run.values.allSatisfy { $0 == $0.rounded() })
    #expect(run.state.lambda != before)
  }

  @Test("A heavier entropy keeps perturbations wider")
  func entropy() throws {
    let deviations = try [0.0, 1].map { weight in
      var run = try Self.training(.selfTuning) { $0.entropyWeight = weight }
      while run.state.step < 100 { try run.advance() }
      return run.deviations
    }
    #expect(zip(deviations[0], deviations[1]).allSatisfy { $0 < $1 })
  }

  @Test("Hyperparameters that are set stay in training without tuning, and values out of range are refused")
  func setting() throws {
    var run = try Self.training(.fixed)
    try run.set([0.4, 1e-2, 0.2])
    let entry = try run.advance()
    #expect(zip(entry.values, [0.4, 1e-2, 0.2]).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(throws: BestResponseError.self) { try run.set([0.4, 1e-2]) }
    #expect(throws: BestResponseError.self) { try run.set([1, 1e-2, 0.2]) }
    #expect(throws: BestResponseError.self) { try run.set([0.4, .nan, 0.2]) }
    #expect(run.values == entry.values)
  }

  @Test("A copy of a training is not moved by steps of the other", arguments: SelfTuningSettings.Method.allCases)
  func copies(method: SelfTuningSettings.Method) throws {
    var run = try Self.training(method)
    for _ in 0..<10 { try run.advance() }
    var copy = run
    let state = run.state
    for _ in 0..<10 {
      try run.advance()
      _ = try run.evaluate(Self.examples(80, seed: 2))
    }
    #expect(copy.state == state)
    for _ in 0..<10 { try copy.advance() }
    #expect(copy.state == run.state)
  }

  @Test("What does not fit is refused")
  func refusals() throws {
    #expect(throws: BestResponseError.self) { try Self.training(.fixed) { $0.labelSmoothing = .tuned(3) } }
    #expect(throws: BestResponseError.self) {
      try Self.training(.fixed) { $0.weightDecays = [WeightDecay(layer: 1, rate: .fixed(1))] }
    }
    #expect(throws: BestResponseError.self) { try Self.training(.fixed) { $0.hyperparameters[0].start = 2 } }
    #expect(throws: BestResponseError.self) {
      try Network(NetworkDescription(input: .vector(4), layers: [.convolution(channels: 2, kernel: 3)]))
    }
    let state = try Self.training(.selfTuning).state
    #expect(throws: BestResponseError.self) { try Self.training(.delta, from: state) }
    #expect(throws: BestResponseError.self) {
      try LabelledExamples(inputs: Matrix(rows: 1, columns: 1, repeating: .nan), labels: [0])
    }
  }

  @Test("A saved state with numbers that nothing comes to is refused")
  func forged() throws {
    var run = try Self.training(.selfTuning)
    try run.advance()
    let saved = String(decoding: try JSONEncoder().encode(run.state), as: UTF8.self)
    for (from, to) in [("\"step\":1", "\"step\":9223372036854775807"), ("\"turn\":0", "\"turn\":-1")] {
      let forged = saved.replacingOccurrences(of: from, with: to)
      try #require(forged != saved)
      let state = try JSONDecoder().decode(SelfTuningState.self, from: Data(forged.utf8))
      #expect(throws: BestResponseError.self) { try Self.training(.selfTuning, from: state) }
    }
  }

  @Test("A training that diverges says so and stays where it was")
  func divergence() throws {
    var run = try Self.training(.selfTuning) { $0.optimiser = .momentum(rate: 1e200) }
    var failed = false
    for _ in 0..<10 where !failed {
      let before = run.state
      do {
        try run.advance()
      } catch {
        failed = true
        #expect(run.state == before)
      }
    }
    #expect(failed)
  }
}
