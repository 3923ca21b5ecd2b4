import BayesianOptimization
import Foundation
import GaussianProcesses
import NumericalMethods
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
    for warping in wants("warpings") ? OutputWarping.allCases : [.yeoJohnson] {
      for problem in problems {
        let start = ContinuousClock.now
        var study = problem.study
        study.tuner.options["output_warping"] = .string(warping.rawValue)
        let bayesian = try seeds.map { seed in
          var session = try Session(study, seed: seed)
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

  @Test("Regret of each acquisition at 50 trials", .enabled(if: wants("acquisitions")))
  func acquisitions() throws {
    let noise: Noise = wants("noiseless") ? .none : .auto
    let problems = try [
      TestProblem.branin(noise: noise), .mixed(noise: noise), .conditional(noise: noise),
      .constrainedBranin(noise: noise), .wangFreitas(noise: noise), .hartmann6(noise: noise),
    ]
    let choices = [
      AcquisitionChoice("log_ei"), AcquisitionChoice("epsilon_greedy", ["explore": "box"]),
      AcquisitionChoice("epsilon_greedy", ["explore": "front"]), AcquisitionChoice("thompson"),
      AcquisitionChoice("ucb"), AcquisitionChoice("exploit"), AcquisitionChoice("pi"), AcquisitionChoice("ei"),
      AcquisitionChoice("ucb", ["ucb_schedule": "smac"]), AcquisitionChoice("ucb", ["ucb_schedule": "hebo"]),
    ]
    for problem in problems {
      for choice in choices where wants("all") || wants(choice.testDescription) {
        let start = ContinuousClock.now
        let regrets = try seeds.map { seed in
          var session = try Session(choice.study(problem.study), seed: seed)
          return try session.run(50, problem.value) - problem.optimum
        }
        print(
          "acquisition \(problem.name) | \(choice.testDescription) | \(brief(regrets.median)) | \(brief(regrets.max() ?? .nan)) | "
            + "\((ContinuousClock.now - start) / seeds.count)")
      }
    }
  }

  @Test("Regret at 50 trials in batches of five", .enabled(if: wants("regret")))
  func batches() throws {
    for problem in try [TestProblem.branin(), .hartmann6(), .conditional()] {
      let regrets = try seeds.map { seed in
        var session = try Session(problem.study, seed: seed)
        var best = Double.infinity
        for _ in 0..<10 {
          for number in try session.ask(5) {
            let value = problem.value(session.parameters[number - 1])
            session.tell(number, value)
            best = min(best, value)
          }
        }
        return best - problem.optimum
      }
      print("regret in batches \(problem.name): \(brief(regrets.median)) (worst \(brief(regrets.max() ?? .nan)))")
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
      for label in ["cold", "warm", "warm", "warm", "warm"] {
        let (start, processor) = (ContinuousClock.now, processorTime())
        let number = try session.ask().lowerBound
        let (elapsed, used) = (ContinuousClock.now - start, processorTime() - processor)
        session.tell(number, problem.value(session.parameters[number - 1]))
        print("ask \(label) n = \(count): \(elapsed), processor \(brief(used)) seconds")
      }
    }
  }

  @Test("Time of one ask in a thin region, the corner of a cube in ten dimensions", .enabled(if: wants("speed")))
  func thin() throws {
    let names = (0..<10).map { "x\($0)" }
    let problem = try TestProblem(
      "simplex", names.map { Parameter($0, .float(FloatDomain(0, 1))) },
      constraints: [LinearConstraint(Dictionary(uniqueKeysWithValues: names.map { ($0, 1) }), atMost: 1)], optimum: 0
    ) { parameters in names.reduce(0) { $0 + pow(parameters.number($1) - ($1 == "x3" ? 0.8 : 0.1), 2) } }
    var session = try Session(problem.study, seed: 1)
    for number in 1...40 {
      let start = ContinuousClock.now
      try session.ask()
      if number.isMultiple(of: 10) { print("ask thin n = \(number): \(ContinuousClock.now - start)") }
      session.tell(number, problem.value(session.parameters[number - 1]))
    }
    let best = session.parameters.map(problem.value).min() ?? .nan
    print("thin: best \(brief(best)), random \(brief(bestOfRandomPoints(problem, count: 40, seed: 1)))")
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

  /// The seconds of processor time that this thread has used: what elapses on a machine that does other things too says
  /// little.
  private func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }

  private func brief(_ value: Double) -> String { String(format: "%.2e", value) }
}
