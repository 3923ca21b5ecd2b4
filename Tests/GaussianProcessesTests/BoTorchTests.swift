import Foundation
import GaussianProcesses
import NumericalMethods
import TestSupport
import Testing

@Suite("Gaussian processes agree with BoTorch")
struct BoTorchTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name, kernel: String
    let points: [[Double]]
    let targets: [Double]
    let knownNoiseVariances: [Double]?
    let logLengthscales: [Double]
    let logSignalVariance, logNoiseVariance: Double
    let logWarpingShapes: [Double]
    let mean: Double
    let matrix: [[Double]]
    let logMarginalLikelihood: Double
    let gradient: [Double]
    let logPrior: Double
    let priorGradient: [Double]
    let queries: [[Double]]
    let means: [Double]
    let covariance: [[Double]]
    let pending: [[Double]]
    let normals, pendingMeans, fantasisedMeans, fantasisedVariances: [Double]

    var testDescription: String { name }

    var layout: InputLayout { InputLayout(numeric: logLengthscales.count) }

    var hyperparameters: Hyperparameters {
      Hyperparameters(
        logLengthscales: logLengthscales, logSignalVariance: logSignalVariance, logNoiseVariance: logNoiseVariance,
        logWarpingShapes: logWarpingShapes)
    }

    var covarianceKernel: any CovarianceKernel {
      let base =
        switch kernel {
        case "matern52": AnisotropicKernel(Matern52(), layout: layout)
        case "matern32": AnisotropicKernel(Matern32(), layout: layout)
        default: AnisotropicKernel(SquaredExponential(), layout: layout)
        }
      return logWarpingShapes.isEmpty ? base : InputWarpedKernel(base)
    }

    func inputs(_ points: [[Double]]) -> Inputs { Inputs(points, layout: layout) }

    var observations: Observations {
      Observations(inputs(points), targets: targets, knownNoiseVariances: knownNoiseVariances)
    }

    var process: GaussianProcess {
      get throws {
        try GaussianProcess(
          observations, kernel: covarianceKernel, hyperparameters: hyperparameters, mean: .fixed(mean),
          noise: .learned(floor: 1e-6))
      }
    }
  }

  static let fixture = Result { try GoldenValues("botorch-processes", of: Case.self, in: .module) }
  static let cases = (try? fixture.get().cases) ?? []
  private let tolerance = (try? fixture.get().tolerance.relative) ?? 0

  @Test("The fixture has its cases")
  func fixtureHasCases() throws { #expect(try Self.fixture.get().cases.count == 9) }

  @Test("The kernel matrix", arguments: cases)
  func matrix(_ golden: Case) {
    var matrix = golden.covarianceKernel.covariance(at: golden.inputs(golden.points), golden.hyperparameters).matrix()
    matrix.mirrorLowerTriangle()
    #expect(distance(matrix.elements, Matrix(golden.matrix).elements) < tolerance)
  }

  @Test("The log marginal likelihood and its gradient", arguments: cases)
  func likelihood(_ golden: Case) throws {
    let (value, gradient) = try MarginalLikelihood(
      golden.observations, kernel: golden.covarianceKernel, mean: .fixed(golden.mean), noise: .learned(floor: 1e-6)
    ).evaluate(golden.hyperparameters)
    #expect(abs(value - golden.logMarginalLikelihood) < tolerance * max(1, abs(value)))
    for (own, expected) in zip(gradient, golden.gradient) {
      #expect(abs(own - expected) < tolerance * max(1, abs(expected)))
    }
    #expect(gradient.count == golden.gradient.count)
  }

  @Test("The log prior, up to its constant, and its gradient", arguments: cases)
  func prior(_ golden: Case) {
    let d = golden.logLengthscales.count
    let prior = HyperparameterPrior(dimension: d)
    var hyperparameters = golden.hyperparameters
    hyperparameters.logWarpingShapes = []
    let (value, gradient) = prior.logDensity(hyperparameters)
    // The densities' constants, 1/(scale·√2π) each.
    let constant = Double(d) * log(3) / 2 + log(2) + Double(d + 2) * log(2 * .pi) / 2
    #expect(abs(value - constant - golden.logPrior) < tolerance * max(1, abs(value)))
    #expect(distance(gradient, golden.priorGradient) < tolerance)
  }

  @Test("The posterior's means, variances and joint covariance", arguments: cases)
  func posterior(_ golden: Case) throws {
    let posterior = Posterior(try golden.process)
    let queries = golden.inputs(golden.queries)
    let (moments, joint) = (posterior.moments(at: queries), posterior.joint(at: queries))
    #expect(distance(moments.means, golden.means) < tolerance)
    #expect(distance(joint.means, golden.means) < tolerance)
    #expect(distance(joint.covariance.elements, Matrix(golden.covariance).elements) < tolerance)
    #expect(distance(moments.variances, Matrix(golden.covariance).diagonal) < tolerance)
  }

  @Test("The posterior given values of pending points", arguments: cases)
  func fantasised(_ golden: Case) throws {
    let posterior = try Posterior(golden.process, pending: golden.inputs(golden.pending))
    #expect(distance(posterior.pendingMeans, golden.pendingMeans) < tolerance)
    let moments = posterior.moments(at: golden.inputs(golden.queries))
    let shifts = moments.innovations.multiplying(golden.normals, transposing: true)
    #expect(distance(zip(moments.means, shifts).map { $0 + $1 }, golden.fantasisedMeans) < tolerance)
    #expect(distance(moments.variances, golden.fantasisedVariances) < tolerance)
    let point = posterior.evaluate(at: golden.inputs([golden.queries[0]]))
    #expect(abs(point.mean + dot(point.innovations, golden.normals) - golden.fantasisedMeans[0]) < tolerance)
  }
}
