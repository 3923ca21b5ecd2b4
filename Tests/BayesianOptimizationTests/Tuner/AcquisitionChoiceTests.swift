import BayesianOptimization
import Testing
import TunerContract
import TuningModel

/// The options that choose an acquisition, as a user would set them.
struct AcquisitionChoice: Sendable, CustomTestStringConvertible {
  let options: [String: JSONValue]

  init(_ acquisition: String, _ others: [String: JSONValue] = [:]) {
    options = others.merging(["acquisition": .string(acquisition)]) { $1 }
  }

  var testDescription: String {
    let names = options.keys.sorted { ($0 == "acquisition" ? "" : $0) < ($1 == "acquisition" ? "" : $1) }
    return names.map { name in
      if case .string(let text)? = options[name] { text } else { options[name]?.text ?? "" }
    }.joined(separator: "-")
  }

  static let all = [
    AcquisitionChoice("log_ei"), AcquisitionChoice("log_ei", ["pending": "believer"]), AcquisitionChoice("ei"),
    AcquisitionChoice("pi"), AcquisitionChoice("ucb"), AcquisitionChoice("ucb", ["ucb_schedule": "hebo"]),
    AcquisitionChoice("epsilon_greedy", ["epsilon": 0.5, "explore": "box"]),
    AcquisitionChoice("epsilon_greedy", ["epsilon": 0.5, "explore": "front"]), AcquisitionChoice("exploit"),
    AcquisitionChoice("thompson"),
  ]

  /// Those that are meant to find optima soon.
  static let searching = all.filter { $0.options["ucb_schedule"] == nil }

  /// A study with these options.
  func study(_ study: StudyDefinition) -> StudyDefinition {
    var study = study
    study.tuner = TunerChoice("bayesian", options: options)
    return study
  }

  /// Looks at less than in use, so that tests are fast.
  static var quick: BayesianTuner.Settings {
    var settings = BayesianTuner.Settings()
    settings.maximiser.pool.global = 256
    settings.maximiser.starts = 4
    return settings
  }
}

@Suite("The choice of the acquisition")
struct AcquisitionChoiceTests {
  private func mistakes(_ options: [String: JSONValue]) throws -> [InputMistake] {
    var study = try TestProblem.branin().study
    study.tuner = TunerChoice("bayesian", options: options)
    do throws(TunerError) {
      _ = try TunerCatalog([BayesianTuner.self]).tuner(for: study)
    } catch {
      if case .unsupported(let mistakes) = error { return mistakes }
      Issue.record("\(error)")
    }
    return []
  }

  @Test("Every choice is accepted by the catalog", arguments: AcquisitionChoice.all)
  func accepted(choice: AcquisitionChoice) throws {
    #expect(try mistakes(choice.options) == [])
  }

  @Test(
    "An option without effect is refused where it stands",
    arguments: [
      ("epsilon", 0.1, [:]), ("explore", "box", ["acquisition": "exploit"]),
      ("explore", "front", ["acquisition": "epsilon_greedy", "epsilon": 0]),
      ("ucb_coefficient", 2, ["acquisition": "ei"]), ("ucb_schedule", "fixed", ["acquisition": "thompson"]),
      ("ucb_coefficient", 1.8, ["acquisition": "ucb", "ucb_schedule": "smac"]),
      ("pending", "believer", ["acquisition": "thompson"]), ("pending", "fantasies", ["acquisition": "ucb"]),
      ("pending", "fantasies", ["acquisition": "epsilon_greedy"]),
      ("restless", true, ["acquisition": "ucb"]), ("restless", false, ["acquisition": "thompson"]),
      ("refine", true, ["acquisition": "ucb"]), ("refine", false, ["acquisition": "thompson"]),
    ] as [(String, JSONValue, [String: JSONValue])])
  func refused(option: String, value: JSONValue, others: [String: JSONValue]) throws {
    let mistakes = try mistakes(others.merging([option: value]) { $1 })
    #expect(mistakes.map(\.pointer) == ["/tuner/\(option)"])
    #expect(mistakes.allSatisfy { $0.detail.hasPrefix("Has no effect with ") })
  }

  @Test("An option out of range is refused where it stands")
  func range() throws {
    for (option, value) in [("epsilon", JSONValue.number(1.5)), ("ucb_coefficient", -1), ("explore", "sphere")] {
      #expect(try mistakes(["acquisition": "epsilon_greedy", option: value]).map(\.pointer) == ["/tuner/\(option)"])
    }
  }

  static let problems: [TestProblem] = {
    guard let mixed = try? TestProblem.mixed(), let conditional = try? TestProblem.conditional() else { return [] }
    return [mixed, conditional]
  }()

  @Test(
    "The contract of tuners holds with pending, failed and infeasible trials, and after restoring",
    arguments: AcquisitionChoice.all, problems)
  func contract(choice: AcquisitionChoice, problem: TestProblem) throws {
    let study = choice.study(problem.study)
    let contract = TunerContract(study, trialCount: 15) { () throws(TunerError) in
      try BayesianTuner(for: study, settings: AcquisitionChoice.quick)
    }
    #expect(try contract.violations() == [])
  }

  @Test("Origins name the acquisition, whatever it was", arguments: AcquisitionChoice.all)
  func origins(choice: AcquisitionChoice) throws {
    let problem = try TestProblem.branin()
    var session = try Session(choice.study(problem.study), seed: 3, settings: AcquisitionChoice.quick)
    _ = try session.run(8, problem.value)
    for origin in session.origins[5...] {
      #expect(origin.acquisition.map(JSONValue.string) == choice.options["acquisition"])
      #expect(origin.details?["fit"] != nil && origin.details?["source"] != nil)
    }
  }

  @Test("Without noise no point is proposed twice, pending or not", arguments: AcquisitionChoice.all)
  func noDuplicates(choice: AcquisitionChoice) throws {
    let problem = try TestProblem.branin(noise: .none)
    var session = try Session(choice.study(problem.study), seed: 4, settings: AcquisitionChoice.quick)
    _ = try session.run(8, problem.value)
    for _ in 0..<3 {
      for number in try session.ask(4) { session.tell(number, problem.value(session.parameters[number - 1])) }
    }
    #expect(Set(session.parameters).count == 20)
    // A finite space is gone through point by point, then exhausted.
    let study = try StudyDefinition(
      "s", space: SearchSpace([Parameter("flag", .bool), Parameter("n", .int(IntDomain(1, 5)))]),
      objectives: [Objective("loss", .minimise)], noise: .none)
    var finite = try Session(choice.study(study), seed: 1, settings: AcquisitionChoice.quick)
    _ = try finite.run(10) { $0.number("n") }
    #expect(Set(finite.parameters).count == 10)
    let error = #expect(throws: TunerError.self) { try finite.ask() }
    guard case .spaceExhausted? = error else { return #expect(Bool(false), "\(String(describing: error))") }
  }

  @Test("Workers that ask at the same time get points apart", arguments: AcquisitionChoice.all)
  func apart(choice: AcquisitionChoice) throws {
    let problem = try TestProblem.branin()
    var session = try Session(choice.study(problem.study), seed: 6, settings: AcquisitionChoice.quick)
    _ = try session.run(10, problem.value)
    try session.ask(4)
    let points = session.parameters[10...].map { UnitCubeEncoding(problem.study.space).encode($0) }
    for (index, a) in points.enumerated() {
      for b in points[..<index] { #expect(max(abs(a[0] - b[0]), abs(a[1] - b[1])) > 1e-5) }
    }
  }

  @Test("One point, measured twice, and constant values are taken", arguments: AcquisitionChoice.all)
  func degenerate(choice: AcquisitionChoice) throws {
    let problem = try TestProblem.branin()
    var study = choice.study(problem.study)
    study.tuner.options["initial_trials"] = 1
    var session = try Session(study, seed: 1, settings: AcquisitionChoice.quick)
    let point: Parameters = ["x": .float(1), "y": .float(2)]
    for number in 1...2 {
      session.start(number, Suggestion(point, origin: SuggestionOrigin(tuner: "user")))
      session.tell(number, 4)
    }
    // Two equal values teach nothing.
    try session.ask()
    #expect(session.origins[2].acquisition == "sobol")
    session.tell(2, 5)
    session.tell(3, 5)
    try session.ask(2)
    #expect(session.origins[3].acquisition.map(JSONValue.string) == choice.options["acquisition"])
    #expect(Set(session.parameters).count == 4)
  }

  @Test("A region where every trial fails is left", arguments: AcquisitionChoice.all)
  func failedRegion(choice: AcquisitionChoice) throws {
    let problem = try TestProblem.branin()
    var session = try Session(choice.study(problem.study), seed: 1, settings: AcquisitionChoice.quick)
    // The loss falls towards x = −5, where every trial fails.
    for number in 1...24 {
      try session.ask()
      let x = session.parameters[number - 1].number("x")
      if x < 0 { session.observe(TrialEvent(number, .failed(reason: "y"))) } else { session.tell(number, x) }
    }
    #expect(session.parameters[16...].count { $0.number("x") < 0 } <= 5)
  }

  @Test("ε-greedy tosses its coin by the trial's number, and exploits and explores as often as told")
  func coin() throws {
    let problem = try TestProblem.branin()
    for explore in ["box", "front"] {
      let choice = AcquisitionChoice("epsilon_greedy", ["epsilon": 0.5, "explore": .string(explore)])
      var session = try Session(choice.study(problem.study), seed: 2, settings: AcquisitionChoice.quick)
      _ = try session.run(6, problem.value)
      let branches = try (7..<57).map { number in
        try session.tuner.suggest(number..<number + 1, seed: 2)[0].origin.details?["branch"]
      }
      // 50 fair tosses: outside 10 … 40 with probability 2e-5.
      #expect((10...40).contains(branches.count { $0 == "exploit" }))
      #expect(branches.allSatisfy { $0 == "exploit" || $0 == .string(explore) })
    }
  }

  @Test("With ε = 0 ε-greedy is exploit")
  func greedy() throws {
    let problem = try TestProblem.branin()
    let means = try [AcquisitionChoice("exploit"), AcquisitionChoice("epsilon_greedy", ["epsilon": 0])].map {
      var session = try Session($0.study(problem.study), seed: 2)
      _ = try session.run(5, problem.value)
      let utility = try session.tuner.suggest(6..<7, seed: 2)[0].origin.details?["utility"]
      if case .number(let value)? = utility { return value } else { return Double.nan }
    }
    // Both minimise the same mean, from pools of their own.
    #expect(abs(means[0] - means[1]) < 1e-3)
  }

  @Test("A schedule's coefficient is told and grows with the trials")
  func schedule() throws {
    let problem = try TestProblem.branin()
    let choice = AcquisitionChoice("ucb", ["ucb_schedule": "hebo"])
    var session = try Session(choice.study(problem.study), seed: 2, settings: AcquisitionChoice.quick)
    _ = try session.run(8, problem.value)
    let coefficients = session.origins[5...].map { origin in
      if case .number(let value)? = origin.details?["coefficient"] { value } else { Double.nan }
    }
    // The sixth trial follows five in two dimensions.
    #expect(abs(coefficients[0] - ConfidenceSchedule.hebo.coefficient(fixed: 0, trials: 5, dimensions: 2)) < 1e-12)
    #expect(coefficients[0] < coefficients[1] && coefficients[1] < coefficients[2])
  }
}
