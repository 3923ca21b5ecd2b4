import NumericalMethods
import TestSupport
import Testing

@Suite("Distributions against 60-digit arithmetic")
struct DistributionReferenceTests {
  struct Reference: Decodable, Sendable {
    let function: String
    let pairs: [[Double]]
  }

  @Test(
    "The standard normal's functions agree to 1e-12",
    arguments: [
      ("pdf", StandardNormal.pdf), ("logPDF", StandardNormal.logPDF), ("cdf", StandardNormal.cdf),
      ("logCDF", StandardNormal.logCDF), ("logCDFDerivative", StandardNormal.logCDFDerivative),
      ("inverseCDF", StandardNormal.inverseCDF),
    ] as [(String, @Sendable (Double) -> Double)])
  func standardNormal(name: String, function: @Sendable (Double) -> Double) throws {
    try check(function, name, "standard-normal")
  }

  @Test(
    "The special functions agree to 1e-12",
    arguments: [
      ("erfcx", erfcx), ("log1mexp", log1mexp), ("log1pexp", log1pexp),
    ] as [(String, @Sendable (Double) -> Double)])
  func specialFunctions(name: String, function: @Sendable (Double) -> Double) throws {
    try check(function, name, "special-functions")
  }

  private func check(_ function: (Double) -> Double, _ name: String, _ fixtureName: String) throws {
    let fixture = try GoldenValues(fixtureName, of: Reference.self, in: .module)
    let reference = try #require(fixture.cases.first { $0.function == name })
    for pair in reference.pairs {
      let (x, exact) = (pair[0], pair[1])
      let value = function(x)
      // Below the normal range a double has no twelve digits, only units of its last place.
      let bound = max(fixture.tolerance.relative * exact.magnitude, 2 * .leastNonzeroMagnitude)
      #expect(value == exact || (value - exact).magnitude <= bound, "\(name)(\(x)) = \(value), not \(exact)")
    }
  }
}
