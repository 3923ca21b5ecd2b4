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

  @Test("Where the noise is known there is some, and nothing is refined")
  func knownNoise() throws {
    let problem = try TestProblem.branin(noise: .fixed(0.01))
    var session = try Self.session(problem)
    _ = try session.run(60, problem.value)
    #expect(!session.origins.contains(where: refines))
  }

  @Test("Choices and short grids stay, long grids move on their levels, and no point comes twice")
  func mixed() throws {
    let problem = try TestProblem(
      "mixed",
      [
        Parameter("x", .float(FloatDomain(0, 1))), Parameter("n", .int(IntDomain(1, 10_000, scale: .log))),
        Parameter("few", .int(IntDomain(1, 3))), Parameter("kind", .categorical([.string("a"), .string("b")])),
        Parameter("y", .float(FloatDomain(0, 1)), when: Condition("kind", isOneOf: [.string("b")])),
      ], optimum: 0
    ) { point in
      let (x, n, few) = (point.number("x") - 0.3, log(point.number("n") / 700), point.number("few") - 2)
      let y = point["y"].map { ($0.number ?? .nan) - 0.4 } ?? 1
      return x * x + n * n + few * few + y * y
    }
    var session = try Self.session(problem)
    let best = try session.run(100, problem.value)
    let refined = session.origins.indices.filter { refines(session.origins[$0]) }
    #expect(!refined.isEmpty && best < 1e-5)
    #expect(Set(session.parameters).count == 100)
    let encoding = UnitCubeEncoding(problem.study.space)
    for point in refined.map({ session.parameters[$0] }) { #expect(encoding.decode(encoding.encode(point)) == point) }
  }

  @Test("A value that is fixed for one suggestion is kept")
  func fixed() throws {
    let problem = try Self.crater()
    var session = try Self.session(problem)
    _ = try session.run(60, problem.value)
    for number in 61...64 {
      let suggestion = try session.tuner.suggest(number..<number + 1, fixing: ["x": .float(0.5)], seed: 5)[0]
      #expect(suggestion.parameters["x"] == .float(0.5))
    }
  }
}
