import BayesianOptimization
import Foundation
import TestSupport
import Testing

@Suite("Acquisitions")
struct AcquisitionTests {
  struct Case: Decodable, Sendable {
    let mean: Double
    let deviation: Double
    let incumbent: Double
    /// The value and its derivatives by mean and deviation.
    let ei: [Double]?
    let logPI: [Double]
    let ucb: [Double]
    let botorch: [String: Double]?
  }

  /// An acquisition over points (mean, deviation).
  struct MomentsSurface: SearchSurface {
    let acquisition: any Acquisition
    let incumbent: Double

    var lengthscales: [Double] { [1, 1] }

    func values(at points: [[Double]]) -> [Double] { evaluate(at: points).map(\.value) }

    func evaluate(at points: [[Double]]) -> [(value: Double, gradient: [Double])] {
      points.map { point in
        let result = acquisition.evaluate(mean: point[0], deviation: point[1], incumbent: incumbent)
        return (result.value, [result.byMean, result.byDeviation])
      }
    }
  }

  private func isClose(_ a: Double, _ b: Double, _ relative: Double) -> Bool {
    abs(a - b) <= relative * max(abs(b), 1e-300)
  }

  private func compare(
    _ surface: any SearchSurface, with golden: Case, _ expected: [Double], peer: String, _ tolerance: Double
  ) {
    let (value, gradient) = surface.evaluate(at: [[golden.mean, golden.deviation]])[0]
    for (found, expected) in zip([value] + gradient, expected) {
      #expect(isClose(found, expected, tolerance), "\(golden)")
    }
    // BoTorch's log probability has no digits left where it is almost 0.
    if let peer = golden.botorch?[peer] { #expect(abs(value - peer) <= tolerance * max(abs(peer), 1e-5), "\(golden)") }
  }

  @Test("Values and derivatives agree with SciPy, values with BoTorch")
  func golden() throws {
    let fixture = try GoldenValues("acquisitions", of: Case.self, in: .module)
    let tolerance = fixture.tolerance.relative
    #expect(fixture.cases.count > 40)
    for golden in fixture.cases {
      func surface(_ acquisition: any Acquisition) -> MomentsSurface {
        MomentsSurface(acquisition: acquisition, incumbent: golden.incumbent)
      }
      if let ei = golden.ei {
        compare(
          ExponentialSurface(surface(LogExpectedImprovement())), with: golden, ei, peer: "ei", tolerance)
      }
      compare(surface(LogProbabilityOfImprovement()), with: golden, golden.logPI, peer: "logPI", tolerance)
      compare(surface(ConfidenceBound(1.8)), with: golden, golden.ucb, peer: "ucb", tolerance)
    }
  }

  static let logarithms: [any Acquisition] = [LogExpectedImprovement(), LogProbabilityOfImprovement()]

  @Test("Logarithms are finite and grow with the improvement, up to 100,000 deviations to either side")
  func monotone() {
    // From 1e-5 to 1e5 in steps of 1 percent.
    let sizes = (0...2_314).map { 1e-5 * pow(1.01, Double($0)) }
    for acquisition in Self.logarithms {
      let values = (sizes.reversed().map { -$0 } + [0] + sizes).map { u in
        acquisition.evaluate(mean: -u, deviation: 1, incumbent: 0)
      }
      #expect(values.allSatisfy { $0.value.isFinite && $0.byMean.isFinite && $0.byDeviation.isFinite })
      #expect(zip(values, values.dropFirst()).allSatisfy { $0.value <= $1.value })
      // A probability of almost 1 cannot grow by a whole unit in the last place.
      let below = values.prefix(sizes.count)
      #expect(zip(below, below.dropFirst()).allSatisfy { $0.value < $1.value })
      #expect(values.allSatisfy { $0.byMean <= 0 })
    }
  }

  @Test(
    "Derivatives agree with finite differences", arguments: [4.0, 0.3, -0.99, -1.01, -7.0, -80.0, -990.0, -1_010.0])
  func gradient(u: Double) {
    let acquisitions: [any Acquisition] =
      Self.logarithms + [
        ConfidenceBound(0), ConfidenceBound(2.5), PosteriorDeviation(),
        ResamplingDiscount(base: LogProbabilityOfImprovement(), noiseDeviation: 0.4),
      ]
    let (mean, deviation, h) = (-u * 1.7, 1.7, 1e-4)
    for acquisition in acquisitions {
      func value(_ mean: Double, _ deviation: Double) -> Double {
        acquisition.evaluate(mean: mean, deviation: deviation, incumbent: 0).value
      }
      func slope(_ value: (Double) -> Double) -> Double {
        (8 * (value(h) - value(-h)) - (value(2 * h) - value(-2 * h))) / (12 * h)
      }
      let found = acquisition.evaluate(mean: mean, deviation: deviation, incumbent: 0)
      let byMean = slope { value(mean + $0, deviation) }
      let byDeviation = slope { value(mean, deviation + $0) }
      #expect(abs(found.byMean - byMean) <= 1e-6 * max(1, abs(byMean)), "\(acquisition)")
      #expect(abs(found.byDeviation - byDeviation) <= 1e-6 * max(1, abs(byDeviation)), "\(acquisition)")
    }
  }

  @Test("Schedules give the published coefficients")
  func schedules() {
    // (trials, dimensions): srinivas, smac, hebo, by a calculator from the papers' formulas.
    let expected: [(t: Int, d: Int, values: [Double])] = [
      (1, 1, [3.843002157178987, 0.0, 2.6257627382699473]),
      (10, 2, [6.868883154691643, 3.2552472614374586, 3.715156152393736]),
      (50, 6, [12.503116066961429, 4.3853860674025835, 5.143417636633022]),
    ]
    for (t, d, values) in expected {
      for (schedule, value) in zip([ConfidenceSchedule.srinivas, .smac, .hebo], values) {
        #expect(abs(schedule.coefficient(fixed: 9, trials: t, dimensions: d) - value) < 1e-12)
      }
      #expect(ConfidenceSchedule.fixed.coefficient(fixed: 9, trials: t, dimensions: d) == 9)
    }
  }

  @Test("No number of trials or coordinates makes a coefficient that is no number")
  func scheduleEnds() {
    for schedule in ConfidenceSchedule.allCases {
      for (t, d) in [(0, 0), (1, 1), (1_000_000_000, 500)] {
        let coefficient = schedule.coefficient(fixed: 1.8, trials: t, dimensions: d)
        #expect(coefficient >= 0 && coefficient < 1_000)
      }
    }
  }
}
