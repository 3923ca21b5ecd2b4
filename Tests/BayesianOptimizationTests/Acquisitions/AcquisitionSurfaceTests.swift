import BayesianOptimization
import Foundation
import GaussianProcesses
import NumericalMethods
import TestSupport
import Testing
import TuningModel

@Suite("Acquisition surfaces")
struct AcquisitionSurfaceTests {
  private static func space() throws -> SearchSpace {
    try SearchSpace([
      Parameter("kind", .categorical([.string("a"), .string("b")])),
      Parameter("x", .float(FloatDomain(0, 1)), when: Condition("kind", isOneOf: [.string("a")])),
      Parameter("y", .float(FloatDomain(0, 1))), Parameter("z", .float(FloatDomain(-1, 3))),
    ])
  }

  /// A surface over a mixed space with pending and failed trials.
  private static func surface(
    pending: Int, failed: Int, seed: UInt64
  ) throws -> (surface: AcquisitionSurface, encoding: SurrogateEncoding) {
    var random = SplitMix64(seed: seed)
    let encoding = SurrogateEncoding(UnitCubeEncoding(try space()))
    func points(_ count: Int) -> [[Double]] {
      (0..<count).map { _ in (0..<4).map { _ in Double.random(in: 0...1, using: &random) } }
    }
    let observed = points(9)
    let observations = Observations(
      encoding.inputs(observed), targets: observed.map { 3 * ($0[2] - 0.4) + $0[0] - $0[3] * $0[1] })
    let process = try GaussianProcess(
      observations, kernel: AnisotropicKernel(layout: encoding.layout),
      hyperparameters: Hyperparameters(lengthscales: [0.8, 0.5, 0.6, 0.9], signalVariance: 1.2, noiseVariance: 1e-3),
      noise: .learned(floor: 1e-6))
    let posterior = try Posterior(process, pending: encoding.inputs(points(pending)))
    return (
      AcquisitionSurface(
        encoding: encoding, posterior: posterior, acquisition: LogExpectedImprovement(),
        fantasies: Fantasies(posterior, incumbent: -0.5, using: &random),
        avoidance: FailureAvoidance(failed: encoding.inputs(points(failed)), succeeded: encoding.inputs(observed))),
      encoding
    )
  }

  @Test(
    "Gradients agree with finite differences, and single values with many",
    arguments: [(0, 0), (3, 0), (0, 2), (2, 3)], [1, 2] as [UInt64])
  func gradient(trials: (pending: Int, failed: Int), seed: UInt64) throws {
    let (surface, _) = try Self.surface(pending: trials.pending, failed: trials.failed, seed: seed)
    for point in [[0.2, 0.3, 0.6, 0.1], [0.8, 0.5, 0.25, 0.9]] {
      let (value, gradient) = surface.evaluate(at: [point])[0]
      #expect(abs(value - surface.values(at: [point])[0]) < 1e-9)
      for index in 0..<4 {
        func shifted(_ by: Double) -> Double {
          var moved = point
          moved[index] += by
          return surface.evaluate(at: [moved])[0].value
        }
        let expected = (8 * (shifted(1e-4) - shifted(-1e-4)) - (shifted(2e-4) - shifted(-2e-4))) / 12e-4
        #expect(abs(gradient[index] - expected) < 1e-6 * max(1, abs(expected)), "coordinate \(index)")
      }
    }
  }

  @Test("A point's value and gradient are the same bits alone and among others, climbing or in a pool")
  func independentPoints() throws {
    var random = SplitMix64(seed: 8)
    let (surface, _) = try Self.surface(pending: 3, failed: 2, seed: 7)
    let points = (0..<37).map { _ in (0..<4).map { _ in Double.random(in: 0...1, using: &random) } }
    let all = surface.evaluate(at: points)
    #expect(surface.values(at: points) == all.map(\.value))
    for (index, point) in points.enumerated() {
      let alone = surface.evaluate(at: [point])[0]
      #expect(alone.value == all[index].value && alone.gradient == all[index].gradient, "point \(index)")
    }
  }

  @Test("Other surfaces' gradients agree with finite differences too", arguments: 0..<3 as Range<UInt64>)
  func otherGradients(seed: UInt64) throws {
    let (base, encoding) = try Self.surface(pending: 3, failed: 2, seed: seed)
    var random = SplitMix64(seed: seed)
    let path = PosteriorPath(
      base.posterior.process, levelCounts: encoding.levelCounts, pairs: 64, using: &random)
    let believing = AcquisitionSurface(
      encoding: encoding, posterior: base.posterior, acquisition: ConfidenceBound(1.8),
      fantasies: Fantasies(believing: base.posterior, incumbent: -0.5), avoidance: base.avoidance)
    let surfaces: [any SearchSurface] = [
      ExponentialSurface(base), believing,
      PathSurface(
        encoding: encoding, process: base.posterior.process, path: path, avoidance: base.avoidance),
    ]
    for surface in surfaces {
      for point in [[0.2, 0.3, 0.6, 0.1], [0.8, 0.5, 0.25, 0.9]] {
        let (value, gradient) = surface.evaluate(at: [point])[0]
        #expect(abs(value - surface.values(at: [point])[0]) < 1e-9)
        for index in 0..<4 {
          func shifted(_ by: Double) -> Double {
            var moved = point
            moved[index] += by
            return surface.evaluate(at: [moved])[0].value
          }
          let expected = (8 * (shifted(1e-4) - shifted(-1e-4)) - (shifted(2e-4) - shifted(-2e-4))) / 12e-4
          #expect(abs(gradient[index] - expected) < 1e-6 * max(1, abs(expected)), "\(surface) \(index)")
        }
      }
    }
  }

  @Test("Believing pending trials keeps the mean, takes doubt away and lowers the incumbent")
  func believing() throws {
    let (free, encoding) = try Self.surface(pending: 0, failed: 0, seed: 3)
    let point = [0.2, 0.5, 0.02, 0.95]
    let posterior = try Posterior(free.posterior.process, pending: encoding.inputs([point]))
    let believing = Fantasies(believing: posterior, incumbent: 7)
    #expect(believing.incumbents == posterior.pendingMeans)
    func value(_ acquisition: any Acquisition, _ fantasies: Fantasies, _ posterior: Posterior) -> Double {
      AcquisitionSurface(
        encoding: encoding, posterior: posterior, acquisition: acquisition, fantasies: fantasies, avoidance: nil
      ).values(at: [point])[0]
    }
    let alone = Fantasies(believing: free.posterior, incumbent: 7)
    #expect(
      abs(value(ConfidenceBound(0), believing, posterior) - value(ConfidenceBound(0), alone, free.posterior)) < 1e-9)
    #expect(value(PosteriorDeviation(), alone, free.posterior) > 0.1)
    #expect(value(PosteriorDeviation(), believing, posterior) < 1e-2)
  }

  @Test("Little is expected of a point that is pending already")
  func pendingIsAvoided() throws {
    var random = SplitMix64(seed: 4)
    let (free, encoding) = try Self.surface(pending: 0, failed: 0, seed: 3)
    let point = [0.2, 0.5, 0.02, 0.95]
    let posterior = try Posterior(free.posterior.process, pending: encoding.inputs([point]))
    let taken = AcquisitionSurface(
      encoding: encoding, posterior: posterior, acquisition: LogExpectedImprovement(),
      fantasies: Fantasies(posterior, incumbent: -0.5, using: &random), avoidance: nil)
    #expect(taken.values(at: [point])[0] < free.values(at: [point])[0] - 3)
  }

  @Test("Averaging over pending values equals integrating over them")
  func fantasiesIntegrate() throws {
    var random = SplitMix64(seed: 5)
    let (free, encoding) = try Self.surface(pending: 0, failed: 0, seed: 3)
    let process = free.posterior.process
    let (pending, query) = (encoding.inputs([[0.3, 0.4, 0.3, 0.6]]), encoding.inputs([[0.3, 0.7, 0.2, 0.8]]))
    let posterior = try Posterior(process, pending: pending)
    let found = Fantasies(posterior, incumbent: -0.5, using: &random).values(
      LogExpectedImprovement(), posterior.moments(at: query))[0]
    // The same integral by a dense trapezoid rule over the pending value.
    let moments = posterior.moments(at: query)
    var sum = 0.0
    for step in -800...800 {
      let z = Double(step) / 100
      let pendingValue = posterior.pendingMeans[0] + posterior.pendingFactor[0, 0] * z
      let value = LogExpectedImprovement().evaluate(
        mean: moments.means[0] + moments.innovations[0, 0] * z, deviation: moments.variances[0].squareRoot(),
        incumbent: min(-0.5, pendingValue)
      ).value
      sum += StandardNormal.pdf(z) * 0.01 * exp(value)
    }
    #expect(abs(exp(found) / sum - 1) < 0.05)
  }

  @Test("One failure costs little, several in one place much, and successes outweigh them")
  func failures() throws {
    let layout = InputLayout(numeric: 2)
    func penalty(_ failed: [[Double]], _ succeeded: [[Double]], at point: [Double]) -> Double {
      FailureAvoidance(failed: Inputs(failed, layout: layout), succeeded: Inputs(succeeded, layout: layout))?
        .values(at: Inputs([point], layout: layout))[0] ?? .nan
    }
    let place = [0.2, 0.2]
    #expect(abs(penalty([place], [], at: place) + log(11.0)) < 1e-9)
    #expect(penalty([place, place, place], [], at: place) < -10)
    #expect(penalty([place], Array(repeating: place, count: 9), at: place) > -0.2)
    #expect(penalty([place, place, place], [], at: [0.95, 0.95]) > -0.5)
    #expect(FailureAvoidance(failed: Inputs([], layout: layout), succeeded: Inputs([], layout: layout)) == nil)
  }
}
