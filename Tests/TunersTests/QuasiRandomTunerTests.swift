import Testing
import Tuners
import TuningModel

@Suite("The quasi-random tuner")
struct QuasiRandomTunerTests {
  private func tuner(_ constraint: String?) throws -> QuasiRandomTuner {
    let parameters = [Parameter("x", .float(FloatDomain(0, 1))), Parameter("y", .float(FloatDomain(0, 1)))]
    let constraints = try constraint.map { [try LinearConstraint(parsing: $0, names: ["x", "y"])] } ?? []
    return try QuasiRandomTuner(
      for: StudyDefinition(
        "s", space: SearchSpace(parameters, constraints: constraints), objectives: [Objective("loss", .minimise)]))
  }

  @Test("Sixteen trials put one point into each sixteenth of every parameter")
  func evenness() throws {
    let points = try tuner(nil).suggest(1..<17, seed: 3)
    for name in ["x", "y"] {
      let cells = points.compactMap { $0.parameters[name]?.number }.map { Int($0 * 16) }
      #expect(cells.sorted() == Array(0..<16))
    }
  }

  @Test("The sequence itself meets a constraint on one parameter alone", arguments: ["x <= 0.02", "y >= 0.98"])
  func thinRegion(constraint: String) throws {
    // One element in fifty is feasible: that a thousand of them all miss has probability 2e-9.
    let made = try tuner(constraint).suggest(1..<33, seed: 1)
    #expect(made.allSatisfy { $0.origin.acquisition == "sobol" })
    #expect(Set(made.map(\.parameters)).count == 32)
  }

  @Test("Where the sequence misses the region, the origin says that the point is random")
  func missedRegion() throws {
    let made = try tuner("x + y <= 0.000001").suggest(1..<4, seed: 1)
    #expect(made.allSatisfy { $0.origin.acquisition == "uniform" })
  }

  @Test("More dimensions than the sequence has are refused")
  func tooManyDimensions() throws {
    let space = try SearchSpace([Parameter("x", .float(FloatDomain(0, 1, size: 3_000)))])
    let study = try StudyDefinition("s", space: space, objectives: [Objective("loss", .minimise)])
    #expect(throws: TunerError.self) { try QuasiRandomTuner(for: study) }
  }
}
