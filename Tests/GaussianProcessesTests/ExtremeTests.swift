import Foundation
import GaussianProcesses
import NumericalMethods
import TestSupport
import Testing

@Suite("Gaussian processes in extreme situations")
struct ExtremeTests {
  private func fitted(_ points: [[Double]], _ targets: [Double], noise: NoiseModel) throws -> GaussianProcess {
    let inputs = Inputs(points, layout: InputLayout(numeric: points[0].count))
    let kernel = AnisotropicKernel(layout: inputs.layout)
    let observations = Observations(inputs, targets: targets)
    var random = SplitMix64(seed: 1)
    let fit = MarginalLikelihood(observations, kernel: kernel, noise: noise)
      .fit(prior: HyperparameterPrior(dimension: points[0].count, noise: noise), using: &random)
    return try GaussianProcess(observations, kernel: kernel, hyperparameters: fit.hyperparameters, noise: noise)
  }

  private func isSound(_ process: GaussianProcess) -> Bool {
    let d = process.kernel.layout.count
    let queries = Inputs(
      (0...10).map { Array(repeating: Double($0) / 10, count: d) }, layout: InputLayout(numeric: d))
    let moments = Posterior(process).moments(at: queries)
    return moments.means.allSatisfy(\.isFinite) && moments.variances.allSatisfy { $0 >= 0 && $0.isFinite }
  }

  @Test("One observation", arguments: [NoiseModel.learned(floor: 1e-6), .fixed(1e-8)])
  func oneObservation(noise: NoiseModel) throws {
    let process = try fitted([[0.2, 0.8]], [1.5], noise: noise)
    #expect(isSound(process))
    #expect(abs(process.mean - 1.5) < 1e-9)
  }

  @Test("The same point many times, with one value and with several")
  func duplicates() throws {
    let points = Array(repeating: [0.4, 0.6], count: 12) + [[0.1, 0.1], [0.9, 0.5]]
    #expect(isSound(try fitted(points, Array(repeating: 0.5, count: 12) + [1, -1], noise: .fixed(1e-8))))
    let noisy = (0..<12).map { $0.isMultiple(of: 2) ? 1.0 : -1.0 } + [0, 0.3]
    #expect(isSound(try fitted(points, noisy, noise: .learned(floor: 1e-6))))
    #expect(isSound(try fitted(points, noisy, noise: .fixed(1e-8))))
  }

  @Test("Constant targets")
  func constantTargets() throws {
    let points = (0..<9).map { [Double($0) / 8] }
    let process = try fitted(points, Array(repeating: 0, count: 9), noise: .learned(floor: 1e-6))
    #expect(isSound(process))
    #expect(abs(Posterior(process).moments(at: Inputs([[0.33]], layout: InputLayout(numeric: 1))).means[0]) < 1e-9)
  }

  @Test("Points 1e-12 apart with different values")
  func nearlyCoinciding() throws {
    let points = [[0.5], [0.5 + 1e-12], [0.2], [0.9]]
    #expect(isSound(try fitted(points, [1, -1, 0.5, 0.2], noise: .fixed(1e-8))))
  }

  @Test("Targets that are not finite are an error, not a crash")
  func notFinite() {
    let inputs = Inputs([[0.1], [0.5]], layout: InputLayout(numeric: 1))
    let hyperparameters = HyperparameterPrior(dimension: 1).mode
    #expect(throws: GaussianProcessError.notFinite) {
      try GaussianProcess(
        Observations(inputs, targets: [1, .nan]), kernel: AnisotropicKernel(layout: inputs.layout),
        hyperparameters: hyperparameters, noise: .learned(floor: 1e-6))
    }
  }

  @Test("No observations are an error, not a crash")
  func empty() {
    let layout = InputLayout(numeric: 2)
    #expect(throws: GaussianProcessError.noObservations) {
      try GaussianProcess(
        Observations(Inputs([], layout: layout), targets: []), kernel: AnisotropicKernel(layout: layout),
        hyperparameters: HyperparameterPrior(dimension: 2).mode, noise: .learned(floor: 1e-6))
    }
  }

  @Test("A space without dimensions has a constant belief")
  func noDimensions() throws {
    let process = try fitted([[], []], [1, 2], noise: .learned(floor: 1e-6))
    let moments = Posterior(process).moments(at: Inputs([[]], layout: InputLayout(numeric: 0)))
    #expect(abs(moments.means[0] - 1.5) < 1e-9)
  }
}
