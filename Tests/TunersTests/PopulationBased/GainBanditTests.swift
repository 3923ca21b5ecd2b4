import Testing
import Tuners
import TuningModel

@Suite("Exploring by a model of what parameters brought")
struct GainBanditTests {
  private static let space: [JSONValue] = [
    ["name": "x", "type": "float", "low": 0, "high": 1],
    ["name": "kind", "type": "categorical", "choices": ["good", "bad"]],
  ]

  /// A population in step, each part of which lowers the loss by what x and kind are worth.
  private func course(
    _ rounds: Int, _ options: [String: JSONValue] = [:], seed: StudySeed = 1
  ) throws -> PopulationCourse {
    let options = ["population_size": 4, "explore": "pb2", "quantile": 0.25].merging(options) { $1 }
    var course = try PopulationCourse(options, parameters: Self.space, seed: seed)
    var states: [String: Double] = [:]
    for _ in 0..<rounds {
      var open: [(TrialNumber, Double)] = []
      for _ in 0..<4 {
        let (trial, suggestion) = try course.ask()
        let before = suggestion.resume?.checkpoint.flatMap { states[$0] } ?? 100
        let x = suggestion.parameters["x"]?.number ?? 0
        let gain = 1 - (x - 0.7) * (x - 0.7) - (suggestion.parameters["kind"] == .string("bad") ? 0.5 : 0)
        open.append((trial, before - gain))
      }
      for (trial, loss) in open {
        states["c\(trial)"] = loss
        course.tell(trial, loss)
      }
    }
    return course
  }

  /// The trials whose parameters a model chose.
  private func chosen(_ course: PopulationCourse) -> [(TrialNumber, Parameters)] {
    course.given.sorted { $0.key < $1.key }
      .filter { $0.value.origin.details?["pb2"] != nil }.map { ($0.key, $0.value.parameters) }
  }

  @Test("It finds what brings most: most of the last choices are of the better kind and near the best value")
  func learns() throws {
    for seed: StudySeed in 1...2 {
      let last = chosen(try course(10, seed: seed)).suffix(4)
      #expect(last.count == 4)
      #expect(last.count { $0.1["kind"] == .string("good") } >= 3)
      let mean = last.reduce(0) { $0 + ($1.1["x"]?.number ?? 0) / 4 }
      #expect(abs(mean - 0.7) < 0.25, "\(mean)")
    }
  }

  @Test("With too few gains parameters are changed one by one, and the origin says which it was")
  func tooFew() throws {
    var early = try course(1)
    _ = try (0..<4).map { _ in try early.ask() }
    #expect(chosen(early).isEmpty)
    #expect(early.given.values.contains { $0.origin.details?["changes"] != nil })
    let late = try course(8)
    let details = try #require(chosen(late).last.flatMap { late.given[$0.0]?.origin.details })
    #expect(details["pb2"]?["observations"] != nil && details["changes"] == nil)
  }

  @Test("The same events give the same choice, from a snapshot too")
  func deterministic() throws {
    let course = try course(6)
    var next: [[Suggestion]] = []
    var restored = try PopulationBasedTuner(for: course.study)
    try restored.restore(try JSONValue(text: course.tuner.snapshot.text))
    for tuner in [course.tuner, try course.folded(), restored] { next.append(try tuner.suggest(25..<29, seed: 1)) }
    #expect(next[0] == next[1])
    #expect(next[0] == next[2])
    #expect(next[0].contains { $0.origin.details?["pb2"] != nil })
  }

  @Test("A correction changes what the model goes by")
  func corrected() throws {
    var course = try course(6)
    let before = try course.tuner.suggest(25..<29, seed: 1)
    course.observe(
      21, .corrected(TrialCorrection(.completed, measurement: Measurement(["loss": 1], checkpoint: "c21"))))
    #expect(try course.tuner.suggest(25..<29, seed: 1) != before)
    #expect(try course.folded().snapshot == course.tuner.snapshot)
  }

  @Test("Failures and losses beyond measure leave a choice to be made")
  func extremes() throws {
    var course = try course(4)
    for (index, loss) in [1e300, -1e300, 3].enumerated() {
      let (trial, _) = try course.ask()
      if index == 2 { course.observe(trial, .failed(reason: "")) } else { course.tell(trial, loss) }
    }
    for _ in 0..<2 {
      let (trial, suggestion) = try course.ask()
      #expect(try course.study.space.values(suggestion.parameters.json) == suggestion.parameters)
      course.tell(trial, 5)
    }
  }
}
