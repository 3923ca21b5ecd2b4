import BayesianOptimization
import Testing
import TuningModel

@Suite("Corrections and exclusions in the tuner")
struct CorrectionTests {
  private static let space = Result {
    try SearchSpace([
      Parameter("x", .float(FloatDomain(-5, 5))), Parameter("c", .categorical([.string("a"), .string("b")])),
    ])
  }

  private func tuner() throws -> BayesianTuner {
    try BayesianTuner(
      for: StudyDefinition("s", space: Self.space.get(), objectives: [Objective("loss", .minimise)]))
  }

  private func started(_ number: TrialNumber, _ x: Double) -> TrialEvent {
    let parameters: Parameters = ["x": .float(x), "c": .string(number.isMultiple(of: 2) ? "a" : "b")]
    return TrialEvent(
      number, .started(Suggestion(parameters, origin: SuggestionOrigin(tuner: "t")), worker: nil, attempt: 1))
  }

  private func completed(_ number: TrialNumber, _ loss: Double) -> TrialEvent {
    TrialEvent(number, .completed(Measurement(["loss": loss])))
  }

  /// Eight trials on a parabola.
  private var history: [TrialEvent] {
    (1...8).flatMap { number in
      let x = Double(number) - 4.5
      return [started(number, x), completed(number, x * x)]
    }
  }

  private func next(_ events: [TrialEvent]) throws -> [Suggestion] {
    var tuner = try tuner()
    for event in events { tuner.observe(event) }
    return try tuner.suggest(20..<21, seed: 3)
  }

  @Test("A corrected trial counts as if it had ended so from the first")
  func corrected() throws {
    var wrong = history
    wrong[5] = completed(3, 40)
    let correction = TrialCorrection(.completed, measurement: Measurement(["loss": 2.25]))
    #expect(try next(wrong + [TrialEvent(3, .corrected(correction))]) == next(history))
    #expect(try next(wrong) != next(history))
  }

  @Test("An excluded trial counts as if it had never been, and its point may be proposed again")
  func excluded() throws {
    let extra = [started(9, 4.9), completed(9, -100)]
    #expect(try next(history + extra + [TrialEvent(9, .excluded)]) == next(history))
    #expect(try next(history + extra) != next(history))
  }

  @Test("A result from elsewhere counts like one that was handed out")
  func enqueued() throws {
    let point: Parameters = ["x": .float(1.25), "c": .string("a")]
    let suggestion = Suggestion(point, origin: SuggestionOrigin(tuner: SuggestionOrigin.enqueued))
    let elsewhere = [TrialEvent(9, .enqueued(suggestion)), completed(9, 1.5625)]
    let here = [TrialEvent(9, .started(suggestion, worker: nil, attempt: 1)), completed(9, 1.5625)]
    #expect(try next(history + elsewhere) == next(history + here))
  }
}
