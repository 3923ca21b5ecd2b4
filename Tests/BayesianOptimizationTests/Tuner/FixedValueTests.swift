import BayesianOptimization
import Testing
import TuningModel

@Suite("Suggestions with fixed values")
struct FixedValueTests {
  @Test(
    "The best point of a slice is found, whatever lies beside it", arguments: ["log_ei", "thompson", "epsilon_greedy"])
  func slice(acquisition: String) throws {
    // The least value 0 is at x = y; with x = 0.8 fixed, at y = 0.8.
    var study = try StudyDefinition(
      "s",
      space: SearchSpace([Parameter("x", .float(FloatDomain(0, 1))), Parameter("y", .float(FloatDomain(0, 1)))]),
      objectives: [Objective("loss", .minimise)])
    study.tuner = TunerChoice("bayesian", options: ["acquisition": .string(acquisition)])
    var session = try Session(study, seed: 3)
    func loss(_ point: Parameters) -> Double {
      let (x, y) = (point["x"]?.number ?? .nan, point["y"]?.number ?? .nan)
      return (x - y) * (x - y) + 0.1 * (x - 0.2) * (x - 0.2)
    }
    _ = try session.run(8, loss)
    var best = Double.infinity
    for _ in 0..<12 {
      let number = session.nextNumber
      let suggestion = try session.tuner.suggest(number..<number + 1, fixing: ["x": .float(0.8)], seed: 3)[0]
      #expect(suggestion.parameters["x"] == .float(0.8))
      session.start(number, suggestion)
      session.tell(number, loss(suggestion.parameters))
      if let y = suggestion.parameters["y"]?.number { best = min(best, abs(y - 0.8)) }
    }
    #expect(best < 0.01)
  }

  @Test("With fixed values the points of a finite rest come once each, then there are no more")
  func exhaustion() throws {
    let study = try StudyDefinition(
      "s",
      space: SearchSpace([Parameter("x", .float(FloatDomain(0, 1))), Parameter("n", .int(IntDomain(1, 9)))]),
      objectives: [Objective("loss", .minimise)], tuner: TunerChoice("bayesian"), noise: .none)
    var session = try Session(study, seed: 3)
    var seen: [ParameterValue?] = []
    for number in 1...9 {
      let suggestion = try session.tuner.suggest(number..<number + 1, fixing: ["x": .float(0.3)], seed: 3)[0]
      seen.append(suggestion.parameters["n"])
      session.start(number, suggestion)
      session.tell(number, Double(number % 4))
    }
    #expect(Set(seen).count == 9)
    #expect(throws: TunerError.self) { try session.tuner.suggest(10..<11, fixing: ["x": .float(0.3)], seed: 3) }
    #expect(try session.tuner.suggest(10..<11, seed: 3).count == 1)
  }

  @Test("The first point is the centre with the fixed values in it")
  func centre() throws {
    let tuner = try BayesianTuner(for: try TestProblem.branin().study)
    let suggestion = try tuner.suggest(1..<2, fixing: ["x": .float(0.1)], seed: 1)[0]
    #expect(suggestion.parameters == ["x": .float(0.1), "y": .float(7.5)])
  }

  @Test("Values that are not of the space are an error, not a trap")
  func unsound() throws {
    let tuner = try BayesianTuner(for: try TestProblem.branin().study)
    #expect(throws: TunerError.self) { try tuner.suggest(1..<2, fixing: ["x": .float(1e9)], seed: 1) }
    #expect(throws: TunerError.self) { try tuner.suggest(1..<2, fixing: ["q": .bool(true)], seed: 1) }
  }
}
