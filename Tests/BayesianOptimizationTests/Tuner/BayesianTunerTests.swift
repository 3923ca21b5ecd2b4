import BayesianOptimization
import Foundation
import Testing
import TuningModel

@Suite("The Bayesian tuner")
struct BayesianTunerTests {
  @Test("The first point is the centre where it is feasible")
  func centre() throws {
    var session = try Session(try TestProblem.branin().study, seed: 1)
    try session.ask()
    #expect(session.parameters[0] == ["x": .float(2.5), "y": .float(7.5)])
    #expect(session.origins[0].acquisition == "centre")
    // The centre (2.5, 7.5) violates x + y ≤ 5.
    var constrained = try Session(try TestProblem.constrainedBranin().study, seed: 1)
    try constrained.ask()
    #expect(constrained.origins[0].acquisition == "sobol")
  }

  @Test("The initial design has 5 trials, with choices two a dimension up to 16, at most a quarter of the budget")
  func initialTrials() throws {
    func designed(
      _ dimension: Int, choices: Int = 1, _ options: [String: JSONValue] = [:], budget: Int? = nil
    ) throws -> Int {
      let kinds = Parameter("kind", .categorical((0..<choices).map { .string("k\($0)") }))
      let study = try StudyDefinition(
        "s", space: SearchSpace((0..<dimension).map { Parameter("x\($0)", .float(FloatDomain(0, 1))) } + [kinds]),
        objectives: [Objective("loss", .minimise)], tuner: TunerChoice("bayesian", options: options),
        budget: Budget(maxTrials: budget))
      var session = try Session(study, seed: 3)
      for number in 1...25 {
        try session.ask()
        if session.origins[number - 1].acquisition == "log_ei" { return number - 1 }
        session.tell(number, Double(number))
      }
      return 25
    }
    #expect(try designed(1) == 5)
    #expect(try designed(15) == 5)
    #expect(try designed(1, choices: 3) == 5)
    #expect(try designed(4, choices: 3) == 10)
    #expect(try designed(15, choices: 7) == 16)
    #expect(try designed(2, ["initial_trials": 9]) == 9)
    #expect(try designed(15, choices: 7, budget: 40) == 10)
    #expect(try designed(15, budget: 8) == 3)
  }

  @Test("The catalog accepts its options and refuses others with a pointer")
  func options() throws {
    let catalog = TunerCatalog([BayesianTuner.self])
    func study(_ options: [String: JSONValue]) throws -> StudyDefinition {
      var study = try TestProblem.branin().study
      study.tuner = TunerChoice("bayesian", options: options)
      return study
    }
    _ = try catalog.tuner(for: study(["acquisition": "log_ei", "initial_trials": 7]))
    for (option, value) in [("acquisition", JSONValue.string("best")), ("initial_trials", 0), ("depth", 0.1)] {
      let error = #expect(throws: TunerError.self) { try catalog.tuner(for: study([option: value])) }
      guard case .unsupported(let mistakes)? = error else {
        Issue.record("\(option): \(String(describing: error))")
        continue
      }
      #expect(mistakes.map(\.pointer) == ["/tuner/\(option)"])
    }
  }

  @Test("Several objectives, outcome constraints and huge vectors are refused with pointers")
  func unsupported() throws {
    let study = try StudyDefinition(
      "s", space: SearchSpace([Parameter("v", .float(FloatDomain(0, 1, size: 501)))]),
      objectives: [Objective("a", .minimise), Objective("b", .maximise)],
      outcomeConstraints: [OutcomeConstraint("c", .atMost(1))])
    let error = #expect(throws: TunerError.self) { try BayesianTuner(for: study) }
    guard case .unsupported(let mistakes)? = error else { return }
    #expect(mistakes.map(\.pointer) == ["/objectives/1", "/outcome_constraints", "/parameters"])
  }

  @Test("The same events give the same suggestions, and another seed others")
  func deterministic() throws {
    let problem = try TestProblem.mixed()
    var (first, second, other) = (
      try Session(problem.study, seed: 5), try Session(problem.study, seed: 5), try Session(problem.study, seed: 6)
    )
    for session in 0..<3 {
      switch session {
      case 0: _ = try first.run(12, problem.value)
      case 1: _ = try second.run(12, problem.value)
      default: _ = try other.run(12, problem.value)
      }
    }
    #expect(first.parameters == second.parameters && first.origins == second.origins)
    #expect(first.parameters != other.parameters)
  }

  @Test("A batch equals asking one at a time, and its points differ")
  func batch() throws {
    let problem = try TestProblem.branin()
    var batched = try Session(problem.study, seed: 2)
    _ = try batched.run(8, problem.value)
    var single = batched
    try batched.ask(4)
    for _ in 0..<4 { try single.ask() }
    #expect(batched.parameters == single.parameters && batched.origins == single.origins)
    #expect(batched.origins[11].pending == [9, 10, 11])
    let points = batched.parameters[8...].map { UnitCubeEncoding(problem.study.space).encode($0) }
    for (index, a) in points.enumerated() {
      for b in points[..<index] { #expect(max(abs(a[0] - b[0]), abs(a[1] - b[1])) > 0.01) }
    }
  }

  @Test("A snapshot restored, after a trip through text, equals the fold, and goes on the same")
  func snapshot() throws {
    let problem = try TestProblem.conditional()
    var session = try Session(problem.study, seed: 9)
    _ = try session.run(14, problem.value)
    try session.ask(3)
    session.observe(TrialEvent(15, .failed(reason: "lease_expired")))
    session.observe(TrialEvent(16, .infeasible(reason: "not_finite", nil)))
    var restored = try BayesianTuner(for: problem.study)
    try restored.restore(JSONValue(text: session.tuner.snapshot.text))
    #expect(restored.snapshot == session.tuner.snapshot)
    #expect(try restored.suggest(18..<20, seed: 9) == session.tuner.suggest(18..<20, seed: 9))
    var folded = try BayesianTuner(for: problem.study)
    for event in session.events { folded.observe(event) }
    #expect(folded.snapshot == session.tuner.snapshot)
  }

  @Test("A snapshot of another version is refused")
  func otherSnapshot() throws {
    var tuner = try BayesianTuner(for: TestProblem.branin().study)
    #expect(throws: InvalidInput.self) { try tuner.restore(["version": 99, "trials": []]) }
    #expect(throws: InvalidInput.self) { try tuner.restore("nonsense") }
  }

  @Test("The fit that a suggestion used is where the next one of its warping starts, also after a replay")
  func warmStart() throws {
    let problem = try TestProblem.branin()
    var session = try Session(problem.study, seed: 4)
    _ = try session.run(9, problem.value)
    for (index, warping) in [(7, "winsorised"), (8, "yeo_johnson")] {
      let details = try #require(session.origins[index].details)
      #expect(details["output_warping"] == .string(warping))
      #expect(session.tuner.snapshot["fits"]?[warping] == details["fit"])
    }
    // Nothing new was told: the next suggestions of a warping use the same hyperparameters.
    try session.ask(4)
    for index in [9, 10] {
      let fit = try #require(session.origins[index].details?["fit"])
      #expect(fit["observations"] == 9)
      #expect(session.origins[index + 2].details?["fit"] == fit)
    }
  }

  @Test("A warping that the user names is that of every trial")
  func namedWarping() throws {
    var study = try TestProblem.branin().study
    study.tuner = TunerChoice("bayesian", options: ["output_warping": "half_rank"])
    var session = try Session(study, seed: 4)
    _ = try session.run(9, TestProblem.branin().value)
    #expect(session.origins[5...].allSatisfy { $0.details?["output_warping"] == "half_rank" })
  }

  @Test("A maximised objective is the minimised one with its sign turned")
  func maximise() throws {
    let problem = try TestProblem.branin()
    let study = try StudyDefinition(
      "s", space: problem.study.space, objectives: [Objective("loss", .maximise)])
    var (down, up) = (try Session(problem.study, seed: 3), try Session(study, seed: 3))
    _ = try down.run(9, problem.value)
    _ = try up.run(9) { -problem.value($0) }
    #expect(down.parameters == up.parameters)
  }

  @Test("Suggestions satisfy the constraints from the first on", arguments: 0..<3 as Range<UInt64>)
  func constraints(seed: UInt64) throws {
    let problem = try TestProblem.constrainedBranin()
    var session = try Session(problem.study, seed: seed)
    _ = try session.run(12, problem.value)
    try session.ask(4)
    #expect(session.parameters.allSatisfy(problem.study.space.satisfiesConstraints))
    #expect(Set(session.parameters).count == 16)
  }
}
