import BayesianOptimization
import Foundation
import Testing
import TuningModel

@Suite("The Bayesian tuner with degenerate histories")
struct DegenerateHistoryTests {
  private func session(_ noise: Noise = .auto, seed: StudySeed = 1) throws -> Session {
    try Session(TestProblem.branin(noise: noise).study, seed: seed)
  }

  @Test("Constant values are followed by Sobol points until there are two different ones")
  func constant() throws {
    var session = try session()
    _ = try session.run(9) { _ in 2.5 }
    #expect(session.origins[1...].allSatisfy { $0.acquisition == "sobol" })
    session.tell(9, 3)
    try session.ask()
    #expect(session.origins[9].acquisition == "log_ei")
  }

  @Test("When every trial failed or was infeasible, Sobol points follow, no point twice")
  func nothingCompleted() throws {
    var session = try session()
    for number in 1...14 {
      try session.ask()
      session.observe(
        TrialEvent(number, number.isMultiple(of: 2) ? .failed(reason: "x") : .infeasible(reason: "y", nil)))
    }
    #expect(session.origins[1...].allSatisfy { $0.acquisition == "sobol" })
    #expect(Set(session.parameters).count == 14)
  }

  @Test("Many trials asked for at once before any result are Sobol points, all different")
  func allPending() throws {
    var session = try session()
    try session.ask(30)
    #expect(session.origins[1...].allSatisfy { $0.acquisition == "sobol" })
    #expect(Set(session.parameters).count == 30)
  }

  @Test("More pending trials than are sampled are conditioned on too")
  func manyPending() throws {
    let problem = try TestProblem.branin()
    var session = try session()
    _ = try session.run(6, problem.value)
    try session.ask(20)
    #expect(session.origins[25].pending.count == 19 && session.origins[25].acquisition == "log_ei")
    #expect(Set(session.parameters).count == 26)
  }

  @Test("Huge, tiny and mixed magnitudes are taken", arguments: [1e300, 1e-300, 1e99, 1])
  func magnitudes(unit: Double) throws {
    let problem = try TestProblem.branin()
    var session = try session()
    _ = try session.run(8) { problem.value($0) * unit }
    #expect(session.origins[7].acquisition == "log_ei")
    session.tell(8, -1e-305)
    session.tell(3, 1e303)
    try session.ask()
    #expect(session.origins[8].acquisition == "log_ei")
  }

  /// What is suggested after ten completed trials, which were 3 worse at step 1 than at their end, and an eleventh.
  private func suggestion(after eleventh: TrialEvent.Kind..., reporting: Bool = true) throws -> Suggestion {
    let problem = try TestProblem.branin()
    var session = try session()
    for number in 1...10 {
      try session.ask()
      // So that adding 3 is exact.
      let value = (problem.value(session.parameters[number - 1]) * 8).rounded() / 8
      if reporting { session.observe(TrialEvent(number, Self.report(value + 3))) }
      session.tell(number, value)
    }
    try session.ask()
    for kind in eleventh { session.observe(TrialEvent(11, kind)) }
    try session.ask()
    return Suggestion(session.parameters[11], origin: session.origins[11])
  }

  private static func report(_ value: Double) -> TrialEvent.Kind {
    .reported(TrialReport(Measurement(["loss": value], step: 1), attempt: 1))
  }

  private static let pruned = TrialEvent.Kind.pruned(reason: "stopped", nil)

  @Test("A pruned trial counts as what it would have come to had it gone on as the completed ones did")
  func prunedValue() throws {
    let completed = try suggestion(after: .completed(Measurement(["loss": 400])))
    let stopped = try suggestion(after: Self.report(403), Self.pruned)
    #expect(stopped.parameters == completed.parameters && stopped.origin.acquisition == "log_ei")
    let told = try suggestion(after: .pruned(reason: "user", Measurement(["loss": 403], step: 1)))
    #expect(told.parameters == completed.parameters)
  }

  @Test("A pruned trial is no better than the median, however well it did, and worst where its value is not finite")
  func prunedExtremes() throws {
    let wonderful = try suggestion(after: Self.report(-1e6), Self.pruned)
    #expect(try wonderful == suggestion(after: Self.report(-1e9), Self.pruned))
    let infeasible = try suggestion(after: .infeasible(reason: "x", nil))
    #expect(try suggestion(after: Self.report(.nan), Self.pruned) == infeasible)
    #expect(infeasible.parameters != wonderful.parameters)
  }

  @Test("A pruned trial of which nothing can be compared is left out")
  func prunedUnknown() throws {
    let bare = try suggestion(after: Self.pruned)
    #expect(try suggestion(after: .pruned(reason: "user", Measurement(["loss": 403]))) == bare)
    let alone = try suggestion(after: Self.report(403), Self.pruned, reporting: false)
    #expect(try alone == suggestion(after: Self.pruned, reporting: false))
  }

  @Test("NaN counts as failed and an infinity as infeasible")
  func notFinite() throws {
    var session = try session()
    try session.ask(2)
    session.tell(1, .nan)
    session.tell(2, -.infinity)
    let trials = session.tuner.snapshot["trials"]
    guard case .array(let entries)? = trials else { return #expect(Bool(false)) }
    #expect(entries.map { $0["outcome"] } == ["failed", "infeasible"])
  }

  @Test("Duplicate points with different values are taken", arguments: [Noise.auto, .none, .fixed(0.5)])
  func duplicates(noise: Noise) throws {
    var session = try session(noise)
    let point: Parameters = ["x": .float(1), "y": .float(2)]
    for number in 1...8 {
      session.start(number, Suggestion(point, origin: SuggestionOrigin(tuner: "user")))
      session.tell(number, Double(number % 3))
    }
    try session.ask(2)
    #expect(session.origins[8].acquisition == "log_ei")
    #expect(Set(session.parameters).count == 3)
  }

  @Test("Infeasible trials turn the search away")
  func infeasible() throws {
    var session = try session()
    // The loss falls towards x = −5, where nothing is feasible.
    for number in 1...25 {
      try session.ask()
      let x = session.parameters[number - 1].number("x")
      if x < 0 { session.observe(TrialEvent(number, .infeasible(reason: "y", nil))) } else { session.tell(number, x) }
    }
    #expect(session.parameters[12...].count { $0.number("x") < 0 } <= 6)
  }

  @Test("A region where every trial fails is left, without a word on the objective")
  func failedRegion() throws {
    var session = try session()
    // The loss falls towards x = −5, where every trial fails: the model itself would go there for ever.
    for number in 1...30 {
      try session.ask()
      let x = session.parameters[number - 1].number("x")
      if x < 0 { session.observe(TrialEvent(number, .failed(reason: "y"))) } else { session.tell(number, x) }
    }
    #expect(session.parameters[20...].count { $0.number("x") < 0 } <= 6)
    #expect(Set(session.parameters).count == 30)
  }

  @Test("A finite space without noise is exhausted with an error, after every point was tried once")
  func exhausted() throws {
    let study = try StudyDefinition(
      "s", space: SearchSpace([Parameter("flag", .bool), Parameter("n", .int(IntDomain(1, 4)))]),
      objectives: [Objective("loss", .minimise)], noise: .none)
    var session = try Session(study, seed: 1)
    _ = try session.run(8) { $0.number("n") }
    #expect(Set(session.parameters).count == 8)
    let error = #expect(throws: TunerError.self) { try session.ask() }
    guard case .spaceExhausted? = error else { return #expect(Bool(false), "\(String(describing: error))") }
  }

  @Test("A finite space with noise repeats its best point and says so")
  func repeats() throws {
    let study = try StudyDefinition(
      "s", space: SearchSpace([Parameter("n", .int(IntDomain(1, 6)))]), objectives: [Objective("loss", .minimise)])
    var session = try Session(study, seed: 1)
    _ = try session.run(6) { abs($0.number("n") - 3) + 0.1 }
    try session.ask()
    #expect(Set(session.parameters[..<6]).count == 6)
    #expect(session.origins[6].details?["repeated"] == true)
  }

  @Test("A finite space whose values are all equal is exhausted too", arguments: [Noise.none, .auto])
  func constantFinite(noise: Noise) throws {
    let study = try StudyDefinition(
      "s", space: SearchSpace([Parameter("flag", .bool)]), objectives: [Objective("loss", .minimise)], noise: noise)
    var session = try Session(study, seed: 1)
    _ = try session.run(2) { _ in 1 }
    #expect(Set(session.parameters).count == 2)
    if noise == .none {
      #expect(throws: TunerError.self) { try session.ask() }
    } else {
      try session.ask()
      #expect(session.origins[2].details?["repeated"] == true)
    }
  }

  @Test("More observations than are modelled are cut to size")
  func manyObservations() throws {
    let problem = try TestProblem.branin()
    var settings = BayesianTuner.Settings()
    (settings.subset.best, settings.subset.newest, settings.subset.farthest) = (10, 5, 15)
    var session = try Session(problem.study, seed: 1, settings: settings)
    let region = FeasibleRegion(UnitCubeEncoding(problem.study.space))
    for number in 1...60 {
      var random = RandomStream(seed: 1, trial: number)
      let parameters = region.encoding.decode(region.sample(using: &random))
      session.start(number, Suggestion(parameters, origin: SuggestionOrigin(tuner: "user")))
      session.tell(number, problem.value(parameters))
    }
    try session.ask()
    #expect(session.origins[60].details?["modelled"] == 30)
    #expect(session.origins[60].details?["fit"]?["observations"] == 60)
  }

  @Test("Known standard errors of any size are taken", arguments: [2, 0, 1e300, 1e-300])
  func standardErrors(error: Double) throws {
    var session = try session()
    for number in 1...8 {
      try session.ask()
      let x = session.parameters[number - 1].number("x")
      session.observe(
        TrialEvent(number, .completed(Measurement(["loss": x], standardErrors: ["loss": error]))))
    }
    try session.ask()
    #expect(session.origins[8].acquisition == "log_ei")
  }

  @Test("Standard errors beyond all values are taken")
  func hugeStandardErrors() throws {
    var session = try session()
    for number in 1...12 {
      try session.ask()
      session.observe(
        TrialEvent(
          number,
          .completed(
            Measurement(
              ["loss": 0.1 * Double(number % 5)], standardErrors: ["loss": Double.greatestFiniteMagnitude]))))
    }
    #expect(session.origins[11].acquisition == "log_ei")
  }

  @Test("A trial that starts again does not bring an old fit back")
  func restarted() throws {
    let problem = try TestProblem.branin()
    var session = try Session(problem.study, seed: 2)
    _ = try session.run(14, problem.value)
    var other = session
    var plain = session.origins[6]
    plain.details = nil
    session.observe(
      TrialEvent(7, .started(Suggestion(session.parameters[6], origin: session.origins[6]), worker: nil, attempt: 2)))
    other.observe(TrialEvent(7, .started(Suggestion(other.parameters[6], origin: plain), worker: nil, attempt: 2)))
    try session.ask()
    try other.ask()
    #expect(session.origins[14].details?["fit"] == other.origins[14].details?["fit"])
    #expect(session.parameters[14] == other.parameters[14])
  }

  @Test("Results that contradict a fit to many observations renew it before its time, and end the belief in no noise")
  func surprise() throws {
    let problem = try TestProblem.branin()
    var session = try Session(problem.study, seed: 1)
    let region = FeasibleRegion(UnitCubeEncoding(problem.study.space))
    func add(_ number: Int, noise: Double) {
      var random = RandomStream(seed: 5, trial: number)
      let parameters = region.encoding.decode(region.sample(using: &random))
      session.start(number, Suggestion(parameters, origin: SuggestionOrigin(tuner: "user")))
      session.tell(number, problem.value(parameters) + noise)
    }
    for number in 1...210 { add(number, noise: 0) }
    try session.ask()
    session.tell(211, 10)
    #expect(session.origins[210].details?["fit"]?["noise_free"] == true)
    for number in 212...218 { add(number, noise: number.isMultiple(of: 2) ? 80 : -80) }
    try session.ask()
    #expect(session.origins[218].details?["fit"]?["observations"] == 218)
    #expect(session.origins[218].details?["fit"]?["noise_free"] == false)
  }
}
