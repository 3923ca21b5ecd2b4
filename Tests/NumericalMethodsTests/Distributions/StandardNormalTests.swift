import Foundation
import NumericalMethods
import TestSupport
import Testing

@Suite("Standard normal")
struct StandardNormalTests {
  /// Answers a fixed sequence of numbers and counts the calls.
  struct Scripted: RandomNumberGenerator {
    var values: [UInt64]
    var calls = 0

    mutating func next() -> UInt64 {
      calls += 1
      return values[(calls - 1) % values.count]
    }
  }

  @Test("A draw uses exactly one output of the generator")
  func oneOutput() {
    var generator = Scripted(values: [0, .max, 1 << 63, 12345])
    _ = StandardNormal.samples(1000, using: &generator)
    #expect(generator.calls == 1000)
  }

  @Test("Draws are finite and symmetric at the ends of the generator's range")
  func extremeDraws() {
    var generator = Scripted(values: [0, .max, (1 << 63) - 1, 1 << 63])
    let draws = StandardNormal.samples(4, using: &generator)
    #expect(draws[0] == -draws[1] && draws[0] > -8.4 && draws[0] < -8.2)
    #expect(draws[2] == -draws[3] && draws[2] < 0 && draws[2] > -1e-15)
  }

  @Test("The distribution of draws agrees with the probabilities")
  func distribution() {
    // Dvoretzky–Kiefer–Wolfowitz: the largest gap exceeds 0.0087 with probability below 6e-4; the seed is fixed.
    var generator = SplitMix64(seed: 41)
    let n = 50_000
    let draws = StandardNormal.samples(n, using: &generator).sorted()
    let gap = draws.enumerated().reduce(0.0) {
      max($0, (StandardNormal.cdf($1.element) - (Double($1.offset) + 0.5) / Double(n)).magnitude)
    }
    #expect(gap < 0.0087)
  }

  @Test("The quantile undoes the probability")
  func inverse() {
    for seed in UInt64(0)..<200 {
      var generator = SplitMix64(seed: seed)
      let p = pow(10, Double.random(in: -300...(-0.31), using: &generator))
      #expect((StandardNormal.cdf(StandardNormal.inverseCDF(p)) / p - 1).magnitude < 1e-12, "seed \(seed)")
    }
  }

  @Test("The quantile is infinite at zero and one, and NaN outside")
  func edgesOfTheQuantile() {
    #expect(StandardNormal.inverseCDF(0) == -.infinity)
    #expect(StandardNormal.inverseCDF(1) == .infinity)
    #expect(StandardNormal.inverseCDF(0.5) == 0)
    for p in [-1e-300, 1.0.nextUp, -.infinity, .infinity, .nan] { #expect(StandardNormal.inverseCDF(p).isNaN) }
  }

  @Test("The functions reach their limits at infinity, and pass NaN on")
  func limits() {
    #expect(StandardNormal.pdf(.infinity) == 0 && StandardNormal.pdf(-.infinity) == 0)
    #expect(StandardNormal.cdf(.infinity) == 1 && StandardNormal.cdf(-.infinity) == 0)
    #expect(StandardNormal.logCDF(.infinity) == 0 && StandardNormal.logCDF(-.infinity) == -.infinity)
    #expect(erfcx(.infinity) == 0 && erfcx(-27) == .infinity && erfcx(-.infinity) == .infinity)
    #expect(log1mexp(0) == -.infinity && log1mexp(-.infinity) == 0)
    #expect(log1pexp(.infinity) == .infinity && log1pexp(-.infinity) == 0)
    for function in [StandardNormal.pdf, StandardNormal.cdf, StandardNormal.logCDF, erfcx, log1mexp, log1pexp] {
      #expect(function(.nan).isNaN)
    }
    #expect(log1mexp(1).isNaN)
  }

  @Test("Sums of exponentials are added in logarithms without overflow")
  func logarithmicSums() {
    #expect(logSumExp([]) == -.infinity)
    #expect(logSumExp([-.infinity, 3]) == 3)
    #expect(logAddExp(.infinity, 1) == .infinity)
    #expect(logAddExp(.nan, .infinity).isNaN && logAddExp(1, .nan).isNaN && logAddExp(.nan, 1).isNaN)
    #expect((logSumExp([1000, 1000, 1000, 1000]) - (1000 + log(4))).magnitude < 1e-12)
    #expect((logSumExp([-1000, -1001]) - (-1000 + log1p(exp(-1)))).magnitude < 1e-12)
  }
}
