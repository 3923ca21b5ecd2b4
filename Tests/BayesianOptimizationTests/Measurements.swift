import BayesianOptimization
import Foundation
import GaussianProcesses
import Testing
import TuningModel

private let seeds: Range<StudySeed> = 0..<11

private func wants(_ name: String) -> Bool {
  (ProcessInfo.processInfo.environment["HONE_MEASURE"] ?? "").split(separator: ",").contains { $0 == name }
}

/// Numbers for people, not assertions: `HONE_MEASURE=regret,speed swift test -c release --filter Measurements`.
@Suite("Measurements", .serialized)
struct Measurements {
  @Test("Regret at 50 trials against random search", .enabled(if: wants("regret")))
  func regret() throws {
    let problems = try [Noise.auto, .none].flatMap { noise in
      try [
        TestProblem.branin(noise: noise), .hartmann6(noise: noise), .mixed(noise: noise),
        .conditional(noise: noise), .constrainedBranin(noise: noise),
      ]
    }
    for warping in wants("warpings") ? OutputWarping.allCases : [.winsorised] {
      for problem in problems {
        let start = ContinuousClock.now
        var settings = BayesianTuner.Settings()
        settings.warping = warping
        let bayesian = try seeds.map { seed in
          var session = try Session(problem.study, seed: seed, settings: settings)
          return try session.run(50, problem.value) - problem.optimum
        }
        let random = seeds.map { bestOfRandomPoints(problem, count: 50, seed: $0) - problem.optimum }
        print(
          "regret \(warping) \(problem.name) noise \(problem.study.noise): bayesian \(brief(bayesian.median)) "
            + "(\(brief(bayesian.min() ?? .nan)) … \(brief(bayesian.max() ?? .nan))), random \(brief(random.median)), "
            + "\((ContinuousClock.now - start) / 11) a run")
      }
    }
  }

  @Test("Time of one ask", .enabled(if: wants("speed")))
  func speed() throws {
    let problem = try TestProblem.hartmann6()
    for count in [50, 100, 200, 500, 1_000] {
      var session = try Session(problem.study, seed: 1)
      let region = FeasibleRegion(UnitCubeEncoding(problem.study.space))
      for number in 1...count {
        var random = RandomStream(seed: 1, trial: number)
        let parameters = region.encoding.decode(region.sample(using: &random))
        session.start(number, Suggestion(parameters, origin: SuggestionOrigin(tuner: "user")))
        session.tell(number, problem.value(parameters))
      }
      for label in ["cold", "warm", "warm"] {
        let start = ContinuousClock.now
        let number = try session.ask().lowerBound
        let elapsed = ContinuousClock.now - start
        session.tell(number, problem.value(session.parameters[number - 1]))
        print("ask \(label) n = \(count): \(elapsed)")
      }
    }
  }

  @Test("Time of one ask in a finite space of 8,000 points", .enabled(if: wants("speed")))
  func finite() throws {
    let study = try StudyDefinition(
      "s", space: SearchSpace((0..<3).map { Parameter("n\($0)", .int(IntDomain(1, 20))) }),
      objectives: [Objective("loss", .minimise)])
    var session = try Session(study, seed: 1)
    func value(_ parameters: Parameters) -> Double {
      (0..<3).reduce(0) { $0 + pow(parameters.number("n\($1)") - 7, 2) }
    }
    for _ in 0..<40 {
      let start = ContinuousClock.now
      let number = try session.ask().lowerBound
      if number.isMultiple(of: 10) { print("ask finite n = \(number): \(ContinuousClock.now - start)") }
      session.tell(number, value(session.parameters[number - 1]))
    }
  }

  private func brief(_ value: Double) -> String { String(format: "%.2e", value) }
}
