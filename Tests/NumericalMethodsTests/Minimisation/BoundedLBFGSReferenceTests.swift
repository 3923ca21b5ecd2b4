import NumericalMethods
import TestSupport
import Testing

@Suite("Bounded L-BFGS against SciPy")
struct BoundedLBFGSReferenceTests {
  struct Reference: Decodable, Sendable {
    let name: String
    let problem: String
    let start: [Double]
    let lower: [Double?]
    let upper: [Double?]
    let point: [Double]
    let value: Double
    let evaluations: Int
    let iterations: Int

    var bounds: BoxBounds {
      BoxBounds(lower: lower.map { $0 ?? -.infinity }, upper: upper.map { $0 ?? .infinity })
    }
  }

  @Test("The minima are those that SciPy finds")
  func minima() throws {
    let fixture = try GoldenValues("bounded-minima", of: Reference.self, in: .module)
    for reference in fixture.cases {
      let objective = try #require(Objectives.named[reference.problem])
      let options = BoundedLBFGS.Options(gradientTolerance: 1e-9, valueTolerance: 1e-16)
      let result = BoundedLBFGS(bounds: reference.bounds, options: options).minimise(from: reference.start, objective)
      let scale = max(1, reference.value.magnitude)
      #expect((result.value - reference.value).magnitude <= fixture.tolerance.relative * scale, "\(reference.name)")
      #expect(reference.bounds.contains(result.point), "\(reference.name)")
      if reference.problem != "powellSingular" {
        #expect(distance(result.point, reference.point) < 1e-5, "\(reference.name)")
      }
    }
  }

  @Test("All problems together take at most a tenth more evaluations than SciPy, and none half as many again")
  func evaluations() throws {
    let fixture = try GoldenValues("bounded-minima", of: Reference.self, in: .module)
    var ours = 0
    var theirs = 0
    for reference in fixture.cases {
      let objective = try #require(Objectives.named[reference.problem])
      let result = BoundedLBFGS(bounds: reference.bounds).minimise(from: reference.start, objective)
      #expect(result.hasConverged, "\(reference.name): \(result.termination)")
      #expect(Double(result.evaluations) <= 1.5 * Double(reference.evaluations) + 2, "\(reference.name)")
      ours += result.evaluations
      theirs += reference.evaluations
    }
    #expect(Double(ours) <= 1.1 * Double(theirs))
  }
}
