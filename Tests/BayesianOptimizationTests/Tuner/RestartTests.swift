import BayesianOptimization
import Foundation
import Testing
import TuningModel

@Suite("Restarts of a search that has come to an end")
struct RestartTests {
  private static func session(_ problem: TestProblem, restless: Bool = true) throws -> Session {
    var study = problem.study
    study.tuner = TunerChoice("bayesian", options: ["restless": .bool(restless)])
    return try Session(study, seed: 5, settings: AcquisitionChoice.quick)
  }

  /// A bowl, whose minimum is found to the last digit within a few trials.
  private static func bowl() throws -> TestProblem {
    try TestProblem(
      "bowl", [Parameter("x", .float(FloatDomain(-1, 2))), Parameter("y", .float(FloatDomain(-1, 2)))], optimum: 0
    ) { $0.number("x") * $0.number("x") + 3 * $0.number("y") * $0.number("y") }
  }

  private func index(_ origin: SuggestionOrigin) -> Int? {
    guard case .number(let index)? = origin.details?["restart"] else { return nil }
    return Int(index)
  }

  @Test("Every other trial is one of a restart once nothing improves, and one restart follows another")
  func everyOther() throws {
    let problem = try Self.bowl()
    var session = try Self.session(problem)
    _ = try session.run(120, problem.value)
    let numbers = session.origins.indices.filter { index(session.origins[$0]) != nil }.map { $0 + 1 }
    #expect(try #require(numbers.first) > 40)
    #expect(numbers.allSatisfy { $0.isMultiple(of: 2) })
    let indices = session.origins.compactMap(index)
    #expect(indices == indices.sorted() && indices.first == 1 && indices.last ?? 0 > 1)
    #expect(session.origins.contains { $0.details?["settled"] == true })
  }

  /// A wide well of depth 1 at (.2, .2) and a narrower one of depth 2 at (.8, .8).
  private static func wells() throws -> TestProblem {
    try TestProblem(
      "wells", [Parameter("x", .float(FloatDomain(0, 1))), Parameter("y", .float(FloatDomain(0, 1)))], optimum: -2
    ) { parameters in
      func well(_ at: Double, _ width: Double) -> Double {
        let (x, y) = ((parameters.number("x") - at) / width, (parameters.number("y") - at) / width)
        return exp(-(x * x + y * y) / 2)
      }
      return -well(0.2, 0.2) - 2 * well(0.8, 0.08)
    }
  }

  /// The best value after trials that began with many in the wide well.
  private static func best(restless: Bool) throws -> Double {
    let problem = try wells()
    var session = try Self.session(problem, restless: restless)
    for number in 1...60 {
      let angle = Double(number) * 2.4
      let radius = number <= 20 ? 0.2 : 1e-4
      let parameters: Parameters = [
        "x": .float(0.2 + radius * cos(angle) * Double(number) / 60),
        "y": .float(0.2 + radius * sin(angle) * Double(number) / 60),
      ]
      session.start(number, Suggestion(parameters, origin: SuggestionOrigin(tuner: "user")))
      session.tell(number, problem.value(parameters))
    }
    return try session.run(80, problem.value)
  }

  @Test("A restart finds a basin that the crowded model is sure is not there")
  func otherBasin() throws {
    #expect(try Self.best(restless: true) < -1.5)
    #expect(try Self.best(restless: false) > -1.1)
  }

  @Test("A snapshot holds the restart, and goes on the same")
  func snapshot() throws {
    let problem = try Self.bowl()
    var session = try Self.session(problem)
    _ = try session.run(70, problem.value)
    #expect(session.tuner.snapshot["restart"] != nil)
    var restored = try BayesianTuner(for: problem.study, settings: AcquisitionChoice.quick)
    try restored.restore(JSONValue(text: session.tuner.snapshot.text))
    #expect(restored.snapshot == session.tuner.snapshot)
    let next = session.nextNumber..<session.nextNumber + 4
    #expect(try restored.suggest(next, seed: 5) == session.tuner.suggest(next, seed: 5))
  }

  @Test("The search learns from the trials of its restarts, but not their fits")
  func fits() throws {
    let problem = try Self.bowl()
    var session = try Self.session(problem)
    while !session.origins.contains(where: { index($0) != nil && $0.details?["fit"] != nil }) {
      _ = try session.run(1, problem.value)
      try #require(session.nextNumber < 120)
    }
    for warping in ["winsorised", "yeo_johnson"] {
      let own = session.origins.last { index($0) == nil && $0.details?["output_warping"] == .string(warping) }
      #expect(try session.tuner.snapshot["fits"]?[warping] == #require(own?.details?["fit"]))
    }
    #expect(session.tuner.snapshot["trials"]?.arrayCount == session.nextNumber - 1)
  }
}

extension JSONValue {
  fileprivate var arrayCount: Int? {
    if case .array(let elements) = self { elements.count } else { nil }
  }
}
