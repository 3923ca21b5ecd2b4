import Foundation
import GaussianProcesses
import NumericalMethods
import TestSupport
import Testing

@Suite("Fitting hyperparameters")
struct FittingTests {
  /// Values of a smooth function that depends on the first of three coordinates only.
  private static func problem(_ count: Int) -> Observations {
    var random = SplitMix64(seed: 11)
    let points = (0..<count).map { _ in (0..<3).map { _ in Double.random(in: 0...1, using: &random) } }
    let values = points.map { sin(7 * $0[0]) }
    return Observations(
      Inputs(points, layout: InputLayout(numeric: 3)), targets: OutputWarping.standard.warp(values).values)
  }

  private func likelihood(_ count: Int, _ noise: NoiseModel = .learned(floor: 1e-6)) -> MarginalLikelihood {
    MarginalLikelihood(
      Self.problem(count), kernel: AnisotropicKernel(layout: InputLayout(numeric: 3)), noise: noise)
  }

  @Test("The coordinate that matters gets the shortest lengthscale and the noise goes down")
  func relevance() {
    var random = SplitMix64(seed: 1)
    let fit = likelihood(24).fit(prior: HyperparameterPrior(dimension: 3), using: &random)
    let lengthscales = (0..<3).map(fit.hyperparameters.lengthscale)
    #expect(lengthscales[0] < 0.25 * min(lengthscales[1], lengthscales[2]))
    #expect(exp(fit.hyperparameters.logNoiseVariance) < 1e-3)
  }

  @Test("The fit is a stationary point of the log posterior")
  func stationary() throws {
    var random = SplitMix64(seed: 2)
    let likelihood = likelihood(20)
    let prior = HyperparameterPrior(dimension: 3)
    var settings = FitSettings()
    settings.gradientTolerance = 1e-6
    settings.valueTolerance = 0
    let fit = likelihood.fit(prior: prior, settings: settings, using: &random)
    let (lower, upper) = prior.bounds
    let gradient = zip(
      try likelihood.evaluate(fit.hyperparameters).gradient, prior.logDensity(fit.hyperparameters).gradient
    ).map { $0 + $1 }
    for (index, value) in fit.hyperparameters.vector.enumerated() where value > lower[index] && value < upper[index] {
      #expect(abs(gradient[index]) < 1e-3, "parameter \(index)")
    }
  }

  @Test("With many observations the optimum for some of them is the start, and the result as good")
  func subset() throws {
    var random = SplitMix64(seed: 6)
    let prior = HyperparameterPrior(dimension: 3)
    var settings = FitSettings()
    let full = likelihood(60).fit(prior: prior, settings: settings, using: &random)
    settings.severalStartsLimit = 20
    let some = likelihood(60).fit(prior: prior, settings: settings, using: &random)
    #expect(some.origin == .subset)
    let (found, best) = (try #require(some.logPosterior), try #require(full.logPosterior))
    #expect(abs(found - best) < 1e-2)
    let again = likelihood(60).fit(prior: prior, from: some.hyperparameters, settings: settings, using: &random)
    #expect(again.origin == .previous)
  }

  @Test("A warm start at the optimum is kept, and says so")
  func warmStart() {
    var random = SplitMix64(seed: 3)
    let prior = HyperparameterPrior(dimension: 3)
    let first = likelihood(20).fit(prior: prior, using: &random)
    let second = likelihood(20).fit(prior: prior, from: first.hyperparameters, using: &random)
    #expect((second.logPosterior ?? -.infinity) >= (first.logPosterior ?? .infinity) - 1e-6)
    #expect(second.origin == .previous)
  }

  @Test("The gradient of the log prior agrees with finite differences")
  func priorGradient() {
    let prior = HyperparameterPrior(dimension: 2)
    let theta = [-0.3, 1.2, 0.4, -5.0]
    let gradient = prior.logDensity(Hyperparameters(vector: theta)).gradient
    for index in theta.indices {
      let expected = derivative(index, at: theta) { prior.logDensity(Hyperparameters(vector: $0)).value }
      #expect(abs(gradient[index] - expected) < 1e-9)
    }
  }

  @Test("The prior's mode is where its density is highest")
  func priorMode() {
    let prior = HyperparameterPrior(dimension: 4)
    #expect(abs(prior.mode.lengthscale(0) - 2 * exp(2.0.squareRoot() - 3)) < 1e-12)
    #expect(prior.logDensity(prior.mode).gradient.allSatisfy { abs($0) < 1e-12 })
  }

  @Test("A fixed noise stays as it is given")
  func fixedNoise() {
    var random = SplitMix64(seed: 4)
    let fit = likelihood(12, .fixed(0.04)).fit(
      prior: HyperparameterPrior(dimension: 3, noise: .fixed(0.04)), using: &random)
    #expect(abs(exp(fit.hyperparameters.logNoiseVariance) - 0.04) < 1e-15)
  }

  @Test("Data that no start can explain bring back the previous hyperparameters, and say so")
  func fallsBack() {
    var random = SplitMix64(seed: 5)
    let inputs = Inputs([[0.1], [0.6]], layout: InputLayout(numeric: 1))
    let likelihood = MarginalLikelihood(
      Observations(inputs, targets: [1, .nan]), kernel: AnisotropicKernel(layout: inputs.layout),
      noise: .learned(floor: 1e-6))
    let prior = HyperparameterPrior(dimension: 1)
    let previous = Hyperparameters(lengthscales: [0.3], signalVariance: 1, noiseVariance: 0.01)
    let kept = likelihood.fit(prior: prior, from: previous, using: &random)
    #expect(kept.origin == .unfittedPrevious && kept.hyperparameters == prior.clamped(previous))
    #expect(likelihood.fit(prior: prior, using: &random).origin == .unfittedPriorMode)
  }
}
