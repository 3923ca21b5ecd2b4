import Foundation
import Hone

/// One run: a problem, from one starting design, with one setting of the tuner.
struct Run: Sendable {
  var problem: TestProblem
  var seed: Int
  var start: [[Double]]
  var evaluations: Int
  var label: String
  var noise: Noise
  var tuner: TunerChoice

  /// What tells finished runs from those to do.
  var key: String { Self.key(problem.name, label, seed, evaluations) }

  static func key(_ problem: String, _ label: String, _ seed: Int, _ evaluations: Int) -> String {
    "\(problem)/\(label)/\(seed)/\(evaluations)"
  }

  /// Runs to the end; answers the line that is kept of it.
  func finished(version: String, machine: String) throws -> JSONValue {
    let study = try problem.study(noise: noise, tuner: tuner)
    var tuner = try TunerCatalog.standard.tuner(for: study)
    var regrets: [Double] = []
    var events = 0
    func observe(_ number: TrialNumber, _ suggestion: Suggestion) {
      tuner.observe(TrialEvent(number, .started(suggestion, worker: nil, attempt: 1)))
      let regret = problem.regret(suggestion.parameters)
      regrets.append(regret)
      tuner.observe(TrialEvent(number, .completed(Measurement(["y": regret + problem.optimum]))))
      events += 2
    }
    for (index, point) in start.enumerated() {
      observe(index + 1, Suggestion(problem.parameters(at: point), origin: SuggestionOrigin(tuner: "user")))
    }
    let clock = ContinuousClock()
    var suggesting = Duration.zero
    while regrets.count < evaluations {
      let number = regrets.count + 1
      let begin = clock.now
      guard var suggestion = try tuner.suggest(number..<(number + 1), seed: StudySeed(seed)).first else { break }
      suggesting += clock.now - begin
      suggestion.origin.history = events
      observe(number, suggestion)
    }
    return [
      "problem": .string(problem.name), "label": .string(label), "seed": .integer(seed),
      "evaluations": .integer(evaluations), "noise": noise.json, "tuner": study.tuner.json,
      "version": .string(version), "machine": .string(machine),
      "suggest_seconds": .number((suggesting / .milliseconds(1)).rounded() / 1_000),
      "regrets": .array(regrets.map { .number(Double(String(format: "%.6e", $0)) ?? $0) }),
    ]
  }
}
