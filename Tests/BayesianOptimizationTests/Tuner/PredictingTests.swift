import BayesianOptimization
import Testing
import TuningModel

@Suite("Predicting")
struct PredictingTests {
  static let seed: StudySeed = 5

  /// A tuner that was told x² (or its negative to be maximised) on a grid.
  private func tuner(
    _ goal: Goal, told count: Int = 15, noise: Noise = .none, errors: [String: Double] = [:]
  ) throws -> BayesianTuner {
    let space = try SearchSpace([Parameter("x", .float(FloatDomain(-3, 3)))])
    let study = try StudyDefinition("s", space: space, objectives: [Objective("y", goal)], noise: noise)
    var tuner = try BayesianTuner(for: study)
    for number in 1...max(count, 1) where number <= count {
      let x = -3 + 6 * Double(number - 1) / Double(max(count - 1, 1))
      let suggestion = Suggestion(["x": .float(x)], origin: SuggestionOrigin(tuner: "bayesian"))
      tuner.observe(TrialEvent(number, .started(suggestion, worker: nil, attempt: 1)))
      let value = 100 + 10 * x * x
      let measurement = Measurement(["y": goal == .minimise ? value : -value], standardErrors: errors)
      tuner.observe(TrialEvent(number, .completed(measurement)))
    }
    return tuner
  }

  @Test("Predictions are in units of the metric and interpolate what was told", arguments: [Goal.minimise, .maximise])
  func units(goal: Goal) throws {
    let points: [Parameters] = [["x": .float(0)], ["x": .float(1.5)], ["x": .float(-2.3)]]
    let answer = try #require(try tuner(goal).predict(points, seed: Self.seed))
    #expect(answer.observations == 15)
    for (prediction, x) in zip(answer.predictions, [0, 1.5, -2.3]) {
      let truth = (100 + 10 * x * x) * (goal == .minimise ? 1 : -1)
      #expect(abs(prediction.mean - truth) < 2)
      #expect(prediction.standardDeviation >= 0 && prediction.standardDeviation < 5)
    }
  }

  @Test("Noise that is known of all values is as good as the same standard error told with each")
  func knownNoise() throws {
    let points: [Parameters] = [["x": .float(0)], ["x": .float(2.9)]]
    let known = try tuner(.minimise, noise: .fixed(8)).predict(points, seed: Self.seed)
    let told = try tuner(.minimise, noise: .fixed(8), errors: ["y": 8]).predict(points, seed: Self.seed)
    #expect(known == told && known != nil)
    #expect(try tuner(.minimise, noise: .fixed(1)).predict(points, seed: Self.seed) != known)
  }

  @Test("The further from what was told, the less is known")
  func uncertainty() throws {
    let space = try SearchSpace([Parameter("x", .float(FloatDomain(0, 10)))])
    var tuner = try BayesianTuner(for: try StudyDefinition("s", space: space, objectives: [Objective("y", .minimise)]))
    for (number, x) in [0.0, 0.3, 0.7, 1.1, 1.5].enumerated() {
      let suggestion = Suggestion(["x": .float(x)], origin: SuggestionOrigin(tuner: "bayesian"))
      tuner.observe(TrialEvent(number + 1, .started(suggestion, worker: nil, attempt: 1)))
      tuner.observe(TrialEvent(number + 1, .completed(Measurement(["y": 3 * x]))))
    }
    let answer = try #require(try tuner.predict([["x": .float(0.7)], ["x": .float(9)]], seed: Self.seed))
    #expect(answer.predictions[0].standardDeviation < answer.predictions[1].standardDeviation)
  }

  @Test("The same events give the same predictions, and pending trials change none")
  func deterministic() throws {
    var tuner = try tuner(.minimise, noise: .auto)
    let point: Parameters = ["x": .float(0.4)]
    let first = try tuner.predict([point], seed: Self.seed)
    #expect(try self.tuner(.minimise, noise: .auto).predict([point], seed: Self.seed) == first)
    let next = try tuner.suggest(16..<17, seed: Self.seed)[0]
    tuner.observe(TrialEvent(16, .started(next, worker: nil, attempt: 1)))
    // Its origin holds the fit that the prediction found too.
    #expect(try tuner.predict([point], seed: Self.seed) == first)
  }

  @Test("There is no model before there are two different values", arguments: [0, 1])
  func tooFew(count: Int) throws {
    let tuner = try tuner(.minimise, told: count)
    #expect(throws: TunerError.self) { try tuner.predict([["x": .float(0)]], seed: Self.seed) }
  }
}
