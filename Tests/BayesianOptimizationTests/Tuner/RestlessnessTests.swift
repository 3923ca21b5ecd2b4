import BayesianOptimization
import Testing
import TuningModel

@Suite("A search that expects nothing any more")
struct RestlessnessTests {
  /// The origins of a study whose only minimum is found soon.
  private static func origins(_ options: [String: JSONValue] = [:]) throws -> [SuggestionOrigin] {
    var study = try TestProblem.branin().study
    study.tuner = TunerChoice("bayesian", options: options)
    var session = try Session(study, seed: 5, settings: AcquisitionChoice.quick)
    _ = try session.run(30) { parameters in
      let (x, y) = (parameters.number("x") - 3, parameters.number("y") - 8)
      return x * x + y * y
    }
    return session.origins
  }

  private func isBound(_ origin: SuggestionOrigin) -> Bool { origin.details?["restless_coefficient"] == 10 }

  @Test("Every other trial takes the confidence bound, and the others go on", arguments: ["log_ei", "ei", "pi"])
  func everyOther(acquisition: JSONValue) throws {
    let origins = try Self.origins(["acquisition": acquisition])
    let numbers = origins.indices.filter { isBound(origins[$0]) }.map { $0 + 1 }
    #expect(numbers.count >= 3 && numbers.allSatisfy { $0.isMultiple(of: 2) })
    // As long as something is expected, it is looked for.
    #expect(try #require(numbers.first) > 8)
  }

  @Test("It can be switched off")
  func off() throws {
    #expect(try !Self.origins(["restless": false]).contains(where: isBound))
  }
}
