import BayesianOptimization
import Foundation
import Testing
import TuningModel

@Suite("Refining the incumbent")
struct RefiningTests {
  /// A cusp in a bowl: far narrower than anything that a model of the whole can resolve.
  private static func crater() throws -> TestProblem {
    try TestProblem(
      "crater", [Parameter("x", .float(FloatDomain(-1, 2))), Parameter("y", .float(FloatDomain(-1, 2)))],
      optimum: log(1e-6)
    ) { log($0.number("x") * $0.number("x") + 3 * $0.number("y") * $0.number("y") + 1e-6) }
  }

  private static func session(_ problem: TestProblem, _ options: [String: JSONValue] = [:]) throws -> Session {
    var study = problem.study
    study.tuner = TunerChoice("bayesian", options: options)
    return try Session(study, seed: 5, settings: AcquisitionChoice.quick)
  }

  private func refines(_ origin: SuggestionOrigin) -> Bool { origin.details?["neighbours"] != nil }

  @Test("Every fourth trial refines, from the 50th result on")
  func everyFourth() throws {
    let problem = try Self.crater()
    var session = try Self.session(problem)
    _ = try session.run(70, problem.value)
    let numbers = session.origins.indices.filter { refines(session.origins[$0]) }.map { $0 + 1 }
    #expect(numbers.count >= 4 && numbers.allSatisfy { $0 > 50 && $0 % 4 == 1 })
    #expect(session.origins[numbers[0] - 1].details?["neighbours"] == 10)
  }

  @Test("It goes where a model of the whole cannot")
  func crater() throws {
    let problem = try Self.crater()
    func regret(_ refine: Bool) throws -> Double {
      var session = try Self.session(problem, ["refine": .bool(refine)])
      return try session.run(100, problem.value) - problem.optimum
    }
    let (with, without) = (try regret(true), try regret(false))
    #expect(with < 1e-2 && with < without / 10, "\(with), \(without)")
  }

  @Test("Noise is not refined")
  func noise() throws {
    let problem = try Self.crater()
    var session = try Self.session(problem)
    var random = RandomStream(seed: 8, trial: 0)
    _ = try session.run(80) { _ in Double.random(in: 0..<1, using: &random) }
    #expect(!session.origins.contains(where: refines))
  }

  @Test("Where the noise is known there is some: nothing is refined, and asking for it is refused")
  func knownNoise() throws {
    let problem = try TestProblem.branin(noise: .fixed(0.01))
    var session = try Session(problem.study, seed: 5, settings: AcquisitionChoice.quick)
    _ = try session.run(60, problem.value)
    #expect(!session.origins.contains(where: refines))
    #expect(throws: TunerError.self) { try Self.session(problem, ["refine": true]) }
  }

  @Test("It ends where nothing is left to refine", arguments: ["log_ei", "ei", "pi"])
  func ends(acquisition: JSONValue) throws {
    let problem = try TestProblem("bowl", [Parameter("x", .float(FloatDomain(-1, 2)))], optimum: 0) {
      $0.number("x") * $0.number("x")
    }
    var session = try Self.session(problem, ["acquisition": acquisition])
    _ = try session.run(110, problem.value)
    let utilities = try session.origins.filter(refines).map { try #require($0.details?["utility"]) }
    #expect(!utilities.isEmpty)
    let least = acquisition == "ei" ? 3e-7 : -15
    for case .number(let utility) in utilities { #expect(utility >= least) }
  }

  @Test("A value far worse than all others does not blur the near ones")
  func largeValue() throws {
    let problem = try Self.crater()
    var session = try Self.session(problem)
    var told = 0
    _ = try session.run(100) { point in
      told += 1
      return told == 4 ? 1e20 : problem.value(point)
    }
    #expect(session.origins.contains(where: refines))
  }

  /// Numbers, a long and a short grid, choices and a condition, under a constraint that holds at the best point.
  private static func mixed(noise: Noise = .auto) throws -> TestProblem {
    try TestProblem(
      "mixed",
      [
        Parameter("x", .float(FloatDomain(0, 1))), Parameter("z", .float(FloatDomain(0, 1))),
        Parameter("n", .int(IntDomain(1, 10_000, scale: .log))), Parameter("few", .int(IntDomain(1, 3))),
        Parameter("kind", .categorical([.string("a"), .string("b")])),
        Parameter("y", .float(FloatDomain(0, 1)), when: Condition("kind", isOneOf: [.string("b")])),
      ], constraints: [LinearConstraint(["x": 1, "z": 1], atMost: 0.5)], optimum: 0.125, noise: noise
    ) { point in
      let (x, z, few) = (point.number("x") - 0.5, point.number("z") - 0.5, point.number("few") - 2)
      let (n, y) = (log(point.number("n") / 700), point["y"].map { ($0.number ?? .nan) - 0.4 } ?? 1)
      return x * x + z * z + n * n + few * few + y * y
    }
  }

  @Test("Choices and short grids stay, long grids move on their levels, constraints hold, and no point comes twice")
  func mixedSpace() throws {
    let problem = try Self.mixed(noise: .none)
    var session = try Self.session(problem)
    let best = try session.run(110, problem.value)
    let refined = session.origins.indices.filter { refines(session.origins[$0]) }
    #expect(!refined.isEmpty && best < problem.optimum + 1e-3)
    #expect(Set(session.parameters).count == 110)
    let encoding = UnitCubeEncoding(problem.study.space)
    for index in refined {
      let point = session.parameters[index]
      #expect(encoding.decode(encoding.encode(point)) == point)
      #expect(problem.study.space.satisfiesConstraints(point))
      let incumbent = try #require(session.parameters[..<index].min { problem.value($0) < problem.value($1) })
      #expect(point["few"] == incumbent["few"] && point["kind"] == incumbent["kind"])
    }
  }

  @Test("A long grid is refined until its best level is found, and no level comes twice")
  func grid() throws {
    let problem = try TestProblem("grid", [Parameter("n", .int(IntDomain(1, 100_000)))], optimum: 0, noise: .none) {
      abs($0.number("n") - 61_803)
    }
    var session = try Self.session(problem)
    #expect(try session.run(100, problem.value) == 0)
    #expect(session.origins.contains(where: refines))
    #expect(Set(session.parameters).count == 100)
  }

  @Test(
    "Batches equal single asks, and a restored or refolded tuner goes on the same, pending and failed trials among them"
  )
  func sameAgain() throws {
    let problem = try Self.mixed()
    var session = try Self.session(problem)
    _ = try session.run(86, problem.value)
    try session.ask(3)
    session.observe(TrialEvent(88, .failed(reason: "lease_expired")))
    session.observe(TrialEvent(89, .infeasible(reason: "not_finite", nil)))
    let numbers = session.nextNumber..<session.nextNumber + 5
    let suggestions = try session.tuner.suggest(numbers, seed: session.seed)
    #expect(suggestions.contains { refines($0.origin) })
    var study = problem.study
    study.tuner = TunerChoice("bayesian")
    var restored = try BayesianTuner(for: study, settings: AcquisitionChoice.quick)
    var folded = restored
    try restored.restore(JSONValue(text: session.tuner.snapshot.text))
    for event in session.events { folded.observe(event) }
    #expect(try restored.suggest(numbers, seed: session.seed) == suggestions)
    #expect(try folded.suggest(numbers, seed: session.seed) == suggestions)
    for _ in numbers { try session.ask() }
    #expect(session.origins.suffix(numbers.count) == suggestions.map(\.origin)[...])
  }

  @Test("Values that are fixed are kept: what is refined is the slice that the best point lies in")
  func fixed() throws {
    let problem = try Self.crater()
    var session = try Self.session(problem)
    _ = try session.run(60, problem.value)
    let best = try #require(session.parameters.min { problem.value($0) < problem.value($1) })
    for (fixed, isRefined) in [(ParameterValue.float(0.5), false), (try #require(best["x"]), true)] {
      let first = session.nextNumber
      for number in first..<first + 20 {
        let suggestion = try session.tuner.suggest(number..<number + 1, fixing: ["x": fixed], seed: 5)[0]
        #expect(suggestion.parameters["x"] == fixed)
        session.start(number, suggestion)
        session.tell(number, problem.value(suggestion.parameters))
      }
      #expect(session.origins[(first - 1)...].contains(where: refines) == isRefined, "\(fixed)")
    }
  }
}
