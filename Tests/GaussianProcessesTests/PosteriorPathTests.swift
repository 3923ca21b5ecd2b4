import CKernels
import Foundation
import GaussianProcesses
import NumericalMethods
import TestSupport
import Testing

@Suite("Draws of functions from a posterior")
struct PosteriorPathTests {
  // The categorical coordinates have 3 and 2 levels in `RandomProblem`.
  private let levelCounts = [3, 2]

  private struct Slope: MeanFunction {
    func values(at points: Inputs) -> [Double] { points.features.column(2).map { 0.3 - 2 * $0 } }
    func featureGradient(at point: Inputs) -> [Double] { [0, 0, -2, 0] }
  }

  /// A process over the first points, perhaps of warped inputs and with a prior mean that is a function.
  private func process(_ problem: RandomProblem, _ range: Range<Int>, warped: Bool) throws -> GaussianProcess {
    guard warped else { return try problem.process(range) }
    var hyperparameters = problem.hyperparameters
    hyperparameters.logWarpingShapes = [0.4, -0.3, 0.2, 0.5, -0.6, 0.1]
    return try GaussianProcess(
      problem.observations(range), kernel: InputWarpedKernel(problem.kernel), hyperparameters: hyperparameters,
      mean: .function(Slope()), noise: problem.noise)
  }

  // Draws with features of their own have exactly the posterior's mean and covariance, however few the pairs. Each of
  // the 14 sums below is within 5 standard errors but with probability 6e-7: false alarms 1e-5 for a seed.
  @Test(
    "Draws have the posterior's mean and covariance (false alarms: 1 in 30,000)", arguments: [1, 2] as [UInt64],
    [false, true])
  func moments(seed: UInt64, warped: Bool) throws {
    let problem = RandomProblem(12, seed: seed, noiseVariance: 0.02)
    let process = try process(problem, 0..<8, warped: warped)
    let queries = problem.inputs(8..<12)
    let exact = Posterior(process).joint(at: queries)
    var random = SplitMix64(seed: seed + 50)
    let count = 4_000
    let draws = (0..<count).map { _ in
      let path = PosteriorPath(process, levelCounts: levelCounts, pairs: 8, using: &random)
      return zip(path.values(at: queries), exact.means).map { $0 - $1 }
    }
    func check(_ terms: [Double], against expected: Double, _ name: String) {
      let mean = terms.reduce(0, +) / Double(count)
      let variance = terms.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)
      #expect(abs(mean - expected) < 5 * (variance / Double(count)).squareRoot(), "\(name)")
    }
    for i in 0..<4 {
      check(draws.map { $0[i] }, against: 0, "mean \(i)")
      for j in 0...i { check(draws.map { $0[i] * $0[j] }, against: exact.covariance[i, j], "covariance \(i), \(j)") }
    }
  }

  @Test("A draw without noise passes through the observations, and has variety elsewhere")
  func interpolates() throws {
    let problem = RandomProblem(12, seed: 3, noiseVariance: 1e-8)
    let process = try GaussianProcess(
      problem.observations(0..<11), kernel: problem.kernel, hyperparameters: problem.hyperparameters,
      noise: .fixed(1e-8))
    var random = SplitMix64(seed: 1)
    let paths = (0..<2).map { _ in PosteriorPath(process, levelCounts: levelCounts, using: &random) }
    for path in paths { #expect(distance(path.values(at: problem.inputs(0..<11)), problem.targets.dropLast()) < 1e-2) }
    let others = paths.map { $0.values(at: problem.inputs(11..<12))[0] }
    #expect(abs(others[0] - others[1]) > 1e-3)
  }

  @Test(
    "Single values agree with many, and gradients with finite differences", arguments: 0..<3 as Range<UInt64>,
    [false, true])
  func gradients(seed: UInt64, warped: Bool) throws {
    let problem = RandomProblem(14, seed: seed)
    var random = SplitMix64(seed: seed)
    let path = PosteriorPath(
      try process(problem, 0..<10, warped: warped), levelCounts: levelCounts, pairs: 64, using: &random)
    let values = path.values(at: problem.inputs(10..<14))
    for index in 10..<14 {
      let (point, active) = (problem.points[index], problem.active[index])
      func value(_ point: [Double]) -> Double {
        path.evaluate(at: Inputs([point], active: [active], layout: RandomProblem.layout)).value
      }
      let found = path.evaluate(at: problem.inputs(index..<index + 1))
      #expect(abs(found.value - values[index - 10]) < 1e-10)
      let gradient = RandomProblem.layout.pullback(found.featureGradient, at: point, active: active)
      for coordinate in [1, 2, 4] {
        let expected = derivative(coordinate, at: point, value)
        #expect(abs(gradient[coordinate] - expected) < 1e-5 * max(1, abs(expected)), "coordinate \(coordinate)")
      }
    }
  }

  @Test("The same randomness gives the same draw")
  func deterministic() throws {
    let problem = RandomProblem(12, seed: 2)
    let process = try problem.process(0..<10)
    let values = (0..<2).map { _ in
      var random = SplitMix64(seed: 8)
      return PosteriorPath(process, levelCounts: levelCounts, using: &random).values(at: problem.inputs(10..<12))
    }
    #expect(values[0] == values[1])
  }

  // The mean of 40,000 cosines is within 5 standard errors but with probability 6e-7: false alarms 2e-5 altogether.
  @Test("Cosines of random frequencies average to every correlation (false alarms: 1 in 50,000)")
  func spectra() {
    let correlations: [any RadialCorrelation] = [Matern32(), Matern52(), SquaredExponential()]
    var random = SplitMix64(seed: 9)
    for correlation in correlations {
      let frequencies = (0..<40_000).map { _ in
        correlation.frequencyScale(using: &random) * StandardNormal.sample(using: &random)
      }
      for distance in [0.1, 0.5, 1, 2, 5] {
        let cosines = frequencies.map { cos($0 * distance) }
        let mean = cosines.reduce(0, +) / Double(cosines.count)
        let variance = cosines.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(cosines.count)
        var expected = [distance * distance]
        expected.withUnsafeMutableBufferPointer { correlation.apply(1, to: $0) }
        #expect(abs(mean - expected[0]) < 5 * (variance / Double(cosines.count)).squareRoot(), "\(correlation)")
      }
    }
  }

  @Test("Cosines of vectors are those of single numbers, near and far, and of every length")
  func cosines() {
    var random = SplitMix64(seed: 5)
    for size in [1e-9, 1, 1.6, 100, 3e6] {
      for count in [1, 7, 8, 41] {
        let angles = (0..<count).map { _ in Double.random(in: -size...size, using: &random) }
        var found = angles
        found.withUnsafeMutableBufferPointer { ckernels_cosines($0.baseAddress, $0.count) }
        #expect(distance(found, angles.map { cos($0) }) < 4e-16, "\(size)")
      }
    }
    var notFinite = [Double.nan, .infinity]
    notFinite.withUnsafeMutableBufferPointer { ckernels_cosines($0.baseAddress, $0.count) }
    #expect(notFinite.allSatisfy { $0.isNaN })
  }
}
