import GaussianProcesses
import Testing

@Suite("Output warpings")
struct OutputWarpingTests {
  private static let values: [Double] = [3, -1, 0.5, 0.5, 1e6, 2, -0.2, 12, 7, 1e4, 1.5]

  @Test("The order of values is kept", arguments: OutputWarping.allCases)
  func monotone(warping: OutputWarping) {
    let warped = warping.warp(Self.values).values
    for (a, x) in zip(Self.values, warped) {
      for (b, y) in zip(Self.values, warped) where a < b { #expect(x < y) }
    }
  }

  @Test(
    "Warped values have mean 0 and variance 1, at any magnitude", arguments: OutputWarping.allCases,
    [1, 1e99, 1e-99, 1e300, 1e-300])
  func standardised(warping: OutputWarping, unit: Double) {
    let warped = warping.warp(Self.values.map { $0 * unit }).values
    let mean = warped.reduce(0, +) / Double(warped.count)
    let variance = warped.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(warped.count)
    #expect(abs(mean) < 1e-12 && abs(variance - 1) < 1e-12)
  }

  @Test("The better half is only shifted and scaled, by the scale that is reported", arguments: OutputWarping.allCases)
  func betterHalfIsLinear(warping: OutputWarping) {
    let warped = warping.warp(Self.values)
    #expect(abs((warped.values[6] - warped.values[1]) * warped.scale - 0.8) < 1e-9)
  }

  @Test("A huge outlier leaves the others apart", arguments: [OutputWarping.winsorised, .halfRank])
  func outlier(warping: OutputWarping) {
    let warped = warping.warp([1, 2, 3, 4, 5, 6, 7, 1e50]).values
    #expect(warped[1] - warped[0] > 0.01)
  }

  @Test("Equal values become zeros", arguments: OutputWarping.allCases)
  func constant(warping: OutputWarping) {
    #expect(warping.warp([2.5, 2.5, 2.5, 2.5, 2.5]).values.allSatisfy { $0 == 0 })
    #expect(warping.warp([0.1]).values == [0])
    #expect(warping.warp([]).values.isEmpty)
  }

  @Test("The half rank of five values, by hand")
  func halfRankByHand() {
    // Median 3; the better half deviates by 1.2910 (root of (4 + 1 + 0)/3); tails ½·1.5/2.5 and ½·0.5/2.5.
    let warped = OutputWarping.halfRank.warp([1, 2, 3, 10, 1_000])
    let raw = [1, 2, 3, 3 + 1.2909944487 * 0.5244005127, 3 + 1.2909944487 * 1.2815515655]
    let mean = raw.reduce(0, +) / 5
    let deviation = (raw.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 5).squareRoot()
    for (x, y) in zip(warped.values, raw) { #expect(abs(x - (y - mean) / deviation) < 1e-9) }
  }
}
