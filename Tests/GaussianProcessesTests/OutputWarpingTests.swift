import Foundation
import GaussianProcesses
import Testing

@Suite("Output warpings")
struct OutputWarpingTests {
  private static let values: [Double] = [3, -1, 0.5, 0.5, 1e6, 2, -0.2, 12, 7, 1e4, 1.5]
  private static let standardising = OutputWarping.allCases.filter { $0 != .none }
  private static let units = [1, 1e99, 1e-99, 1e300, 1e-300]

  @Test("The order of values is kept", arguments: OutputWarping.allCases)
  func monotone(warping: OutputWarping) {
    let warped = warping.warp(Self.values).values
    for (a, x) in zip(Self.values, warped) {
      for (b, y) in zip(Self.values, warped) where a < b { #expect(x < y) }
    }
  }

  @Test("Warped values have mean 0 and variance 1, at any magnitude", arguments: standardising, units)
  func standardised(warping: OutputWarping, unit: Double) {
    let warped = warping.warp(Self.values.map { $0 * unit }).values
    let mean = warped.reduce(0, +) / Double(warped.count)
    let variance = warped.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(warped.count)
    #expect(abs(mean) < 1e-12 && abs(variance - 1) < 1e-12)
  }

  @Test("Without warping values stay as they are, unless their squares would overflow")
  func none() {
    #expect(OutputWarping.none.warp(Self.values).values == Self.values)
    #expect(OutputWarping.none.warp(Self.values).scale == 1)
    let huge = OutputWarping.none.warp([1e300, -1e299, 0])
    #expect(abs(huge.values[0] / 1e100 - 1) < 1e-12 && huge.values[2] == 0)
    #expect(abs(huge.unwarp(huge.values[1]) / -1e299 - 1) < 1e-12)
  }

  @Test(
    "The better half is only shifted and scaled, by the scale that is reported",
    arguments: [OutputWarping.none, .standard, .winsorised, .halfRank])
  func betterHalfIsLinear(warping: OutputWarping) {
    let warped = warping.warp(Self.values)
    #expect(abs((warped.values[6] - warped.values[1]) * warped.scale - 0.8) < 1e-9)
  }

  @Test(
    "A huge outlier leaves the others apart",
    arguments: [OutputWarping.winsorised, .halfRank, .halfRankLog, .yeoJohnson], [1e50, 1e200, 1e307])
  func outlier(warping: OutputWarping, worst: Double) {
    let warped = warping.warp([1, 2, 3, 4, 5, 6, 7, worst]).values
    #expect(warped[1] - warped[0] > 0.01)
    #expect(warped.allSatisfy { $0.isFinite })
  }

  @Test("Equal values become zeros", arguments: standardising)
  func constant(warping: OutputWarping) {
    #expect(warping.warp([2.5, 2.5, 2.5, 2.5, 2.5]).values.allSatisfy { $0 == 0 })
    #expect(warping.warp([0.1]).values == [0])
    #expect(warping.warp([]).values.isEmpty)
    #expect(warping.warp([2.5, 2.5, 2.5, 2.5, 2.5]).unwarp(0) == 2.5)
  }

  @Test("The half rank of five values, by hand")
  func halfRankByHand() {
    // Median 3; the better half deviates by 1.2910 (root of (4 + 1 + 0)/3); tails ½·1.5/2.5 and ½·0.5/2.5.
    let warped = OutputWarping.halfRank.warp([1, 2, 3, 10, 1_000])
    let raw = [1, 2, 3, 3 + 1.2909944487 * 0.5244005127, 3 + 1.2909944487 * 1.2815515655]
    for (x, y) in zip(warped.values, standardise(raw)) { #expect(abs(x - y) < 1e-9) }
  }

  @Test("The logarithm of the distance from the best, by hand")
  func logByHand() {
    let warped = OutputWarping.log.warp([-3, 1, 5])
    let raw = [0, log(1.25) / log(1.5), 1]
    for (x, y) in zip(warped.values, standardise(raw)) { #expect(abs(x - y) < 1e-12) }
  }

  private func standardise(_ raw: [Double]) -> [Double] {
    let mean = raw.reduce(0, +) / Double(raw.count)
    let deviation = (raw.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(raw.count)).squareRoot()
    return raw.map { ($0 - mean) / deviation }
  }
}

@Suite("Warped values on their way back")
struct UnwarpingTests {
  private static let values: [Double] = [3, -1, 0.5, 0.5, 40, 2, -0.2, 12, 7, 25, 1.5]

  @Test(
    "Unwarping the warped values gives the values, at any magnitude", arguments: OutputWarping.allCases,
    [1, 1e99, 1e-99, 1e300, 1e-300])
  func roundTrip(warping: OutputWarping, unit: Double) {
    let values = Self.values.map { $0 * unit }
    let warped = warping.warp(values)
    for (value, image) in zip(values, warped.values) {
      #expect(abs(warped.unwarp(image) - value) < 1e-12 * 40 * unit)
    }
  }

  @Test("Any value is warped and unwarped, those beyond the values seen included", arguments: OutputWarping.allCases)
  func anyValue(warping: OutputWarping) {
    let warped = warping.warp(Self.values)
    for value in stride(from: -30.0, through: 90, by: 0.37) {
      #expect(abs(warped.unwarp(warped.warp(value)) - value) < 1e-10)
    }
  }

  @Test("Unwarping is monotone and finite whatever comes in", arguments: OutputWarping.allCases)
  func monotone(warping: OutputWarping) {
    for values in [Self.values, [1, 2, 3, 4, 5, 6, 7, 1e300], [-1e300, 1, 2, 3, 4, 5, 1e300], [5, 5, 5, 5, 1], [3]] {
      let warped = warping.warp(values)
      var last = -Double.infinity
      for image in [-1e300, -100, -10] + Array(stride(from: -5.0, through: 5, by: 0.01)) + [10, 100, 1e300] {
        let value = warped.unwarp(image)
        #expect(value.isFinite && value >= last)
        last = value
      }
    }
  }

  @Test("Two values, and a value that most share", arguments: OutputWarping.allCases)
  func few(warping: OutputWarping) {
    for values in [[2.0, 7], [1, 5, 5, 5, 5, 5], [1, 1, 1, 1, 5], [0, -0.0, 1]] {
      let warped = warping.warp(values)
      for (value, image) in zip(values, warped.values) { #expect(abs(warped.unwarp(image) - value) < 1e-12) }
    }
  }

  @Test("Ranks are interpolated straight between the values")
  func interpolates() {
    let warped = OutputWarping.halfRank.warp([1, 2, 3, 10, 1_000])
    #expect(abs(warped.unwarp((warped.values[3] + warped.values[4]) / 2) - 505) < 1e-9)
  }
}

@Suite("Standard errors after an output warping")
struct WarpedDeviationTests {
  private static let values: [Double] = [3, -1, 0.5, 0.7, 40, 2, -0.2, 12, 7, 25, 1.5]

  @Test(
    "A linear warping divides them by its scale", arguments: [OutputWarping.none, .standard, .winsorised, .halfRank],
    [1, 1e300, 1e-300])
  func linear(warping: OutputWarping, unit: Double) {
    let warped = warping.warp(Self.values.map { $0 * unit })
    // The best value's neighbourhood, which is straight under all of these.
    #expect(abs(warped.deviation(0.1 * unit, at: 1) * (warped.scale / unit) / 0.1 - 1) < 1e-9)
    #expect(warped.deviation(0, at: 1) == 0)
  }

  @Test("A smooth warping scales small ones by its slope", arguments: [OutputWarping.winsorised, .yeoJohnson, .log])
  func slope(warping: OutputWarping) {
    let warped = warping.warp(Self.values)
    for (index, value) in Self.values.enumerated() where value != Self.values.min() && value != Self.values.max() {
      let slope = (warped.warp(value + 1e-5) - warped.warp(value - 1e-5)) / 2e-5
      #expect(abs(warped.deviation(1e-7, at: index) / (1e-7 * slope) - 1) < 1e-4, "value \(value)")
    }
  }

  @Test("An outlier that is drawn in has little noise left")
  func outlier() {
    let warped = OutputWarping.winsorised.warp([1, 2, 3, 4, 5, 6, 7, 1e6])
    #expect(warped.deviation(1, at: 7) < 1e-5 * warped.deviation(1, at: 0))
  }

  @Test("Values that crowd within their noise do not blow it up under ranks")
  func crowded() {
    let warped = OutputWarping.halfRank.warp([0, 1, 2, 3, 4, 10, 10 + 1e-9, 10 + 2e-9, 11])
    let spread = (warped.values.max() ?? 0) - (warped.values.min() ?? 0)
    #expect(warped.deviation(0.5, at: 6) < spread)
  }
}
