import BayesianOptimization
import TestSupport
import Testing

@Suite("Log expected improvement")
struct LogExpectedImprovementTests {
  struct Case: Decodable, Sendable {
    let mean: Double
    let deviation: Double
    let incumbent: Double
    let value: Double
    let byMean: Double
    let byDeviation: Double
  }

  private let acquisition = LogExpectedImprovement()

  private func evaluate(_ u: Double, deviation: Double = 1) -> AcquisitionValue {
    acquisition.evaluate(mean: -u * deviation, deviation: deviation, incumbent: 0)
  }

  private func isClose(_ a: Double, _ b: Double, _ relative: Double) -> Bool {
    abs(a - b) <= relative * max(1, abs(b))
  }

  @Test("Values and derivatives agree with 60-digit arithmetic")
  func golden() throws {
    let fixture = try GoldenValues("log-expected-improvement", of: Case.self, in: .module)
    let tolerance = fixture.tolerance.relative
    #expect(fixture.cases.count > 40)
    for golden in fixture.cases {
      let found = acquisition.evaluate(
        mean: golden.mean, deviation: golden.deviation, incumbent: golden.incumbent)
      #expect(isClose(found.value, golden.value, tolerance), "\(golden)")
      #expect(abs(found.byMean - golden.byMean) <= tolerance * abs(golden.byMean), "\(golden)")
      #expect(abs(found.byDeviation - golden.byDeviation) <= tolerance * abs(golden.byDeviation), "\(golden)")
    }
  }

  @Test("It is finite and grows with the improvement over all magnitudes")
  func monotone() {
    let sizes = (-99...99).map { exponent in
      var size = 1.0
      for _ in 0..<abs(exponent) { size *= exponent < 0 ? 0.1 : 10 }
      return size
    }
    let values = (sizes.reversed().map { -$0 } + [0] + sizes).map { evaluate($0) }
    for (lower, higher) in zip(values, values.dropFirst()) { #expect(lower.value <= higher.value) }
    #expect(values.allSatisfy { $0.value.isFinite && $0.byMean.isFinite && $0.byDeviation.isFinite })
    #expect(values.allSatisfy { $0.byMean < 0 && $0.byDeviation >= 0 })
  }

  @Test("It is continuous where its branches meet", arguments: [-1.0, -1_000.0])
  func continuous(u: Double) {
    let (below, above) = (evaluate(u.nextDown), evaluate(u.nextUp))
    #expect(isClose(below.value, above.value, 1e-11))
    #expect(isClose(below.byMean, above.byMean, 1e-9))
    #expect(isClose(below.byDeviation, above.byDeviation, 1e-6))
  }

  @Test(
    "Derivatives agree with finite differences", arguments: [4.0, 0.3, -0.99, -1.01, -7.0, -80.0, -990.0, -1_010.0])
  func gradient(u: Double) {
    let (mean, deviation) = (-u * 1.7, 1.7)
    let found = acquisition.evaluate(mean: mean, deviation: deviation, incumbent: 0)
    let h = 1e-6
    func value(_ mean: Double, _ deviation: Double) -> Double {
      acquisition.evaluate(mean: mean, deviation: deviation, incumbent: 0).value
    }
    let byMean = (value(mean + h, deviation) - value(mean - h, deviation)) / (2 * h)
    let byDeviation = (value(mean, deviation + h) - value(mean, deviation - h)) / (2 * h)
    #expect(isClose(found.byMean, byMean, 1e-6))
    #expect(isClose(found.byDeviation, byDeviation, 1e-6))
  }

  @Test("The discount of resampling has the derivative of its value and vanishes with the noise")
  func discount() {
    let h = 1e-6
    for deviation in [1e-3, 0.1, 1, 30] {
      let discount = ResamplingDiscount(base: acquisition, noiseDeviation: 0.2)
      func value(_ deviation: Double) -> Double {
        discount.evaluate(mean: 0.3, deviation: deviation, incumbent: 0.1).value
      }
      let expected = (value(deviation * (1 + h)) - value(deviation * (1 - h))) / (2 * h * deviation)
      let found = discount.evaluate(mean: 0.3, deviation: deviation, incumbent: 0.1)
      #expect(isClose(found.byDeviation, expected, 1e-6))
      #expect(found.value < acquisition.evaluate(mean: 0.3, deviation: deviation, incumbent: 0.1).value)
    }
    let without = ResamplingDiscount(base: acquisition, noiseDeviation: 0)
    #expect(
      without.evaluate(mean: 0.3, deviation: 1, incumbent: 0)
        == acquisition.evaluate(mean: 0.3, deviation: 1, incumbent: 0))
  }
}
