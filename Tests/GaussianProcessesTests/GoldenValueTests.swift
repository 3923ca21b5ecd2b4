import GaussianProcesses
import NumericalMethods
import TestSupport
import Testing

@Suite("Gaussian processes agree with 60-digit arithmetic")
struct GoldenValueTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let kinds: [String]
    let points: [[Double?]]
    let targets: [Double]
    let knownNoiseVariances: [Double?]
    let theta: [Double]
    let logMarginalLikelihood: Double
    let gradient: [Double]
    let mean: Double
    let queries: [[Double?]]
    let means: [Double]
    let covariance: [[Double]]

    var testDescription: String { name }

    var layout: InputLayout {
      InputLayout(
        kinds.map { .init($0 == "categorical" ? .categorical : .numeric, isConditional: $0 == "conditional") })
    }

    func inputs(_ points: [[Double?]]) -> Inputs {
      Inputs(points.map { $0.map { $0 ?? 0.5 } }, active: points.map { $0.map { $0 != nil } }, layout: layout)
    }

    var observations: Observations {
      Observations(inputs(points), targets: targets, knownNoiseVariances: knownNoiseVariances)
    }

    var process: GaussianProcess {
      get throws {
        try GaussianProcess(
          observations, kernel: AnisotropicKernel(layout: layout), hyperparameters: Hyperparameters(vector: theta),
          noise: .learned(floor: 1e-6))
      }
    }
  }

  static let fixture = Result { try GoldenValues("gaussian-processes", of: Case.self, in: .module) }
  static let cases = (try? fixture.get().cases) ?? []

  @Test("The fixture has its cases")
  func fixtureHasCases() throws { #expect(try Self.fixture.get().cases.count == 6) }

  @Test("Log marginal likelihood and profiled mean", arguments: cases)
  func likelihood(_ golden: Case) throws {
    let process = try golden.process
    let tolerance = try Self.fixture.get().tolerance.relative
    #expect(abs(process.logMarginalLikelihood - golden.logMarginalLikelihood) < 10 * tolerance)
    #expect(abs(process.mean - golden.mean) < tolerance)
  }

  @Test("The gradient of the log marginal likelihood", arguments: cases)
  func gradient(_ golden: Case) throws {
    let likelihood = MarginalLikelihood(
      golden.observations, kernel: AnisotropicKernel(layout: golden.layout), noise: .learned(floor: 1e-6))
    let (value, gradient) = try likelihood.evaluate(Hyperparameters(vector: golden.theta))
    #expect(abs(value - golden.logMarginalLikelihood) < 1e-9)
    #expect(distance(gradient, golden.gradient) < 1e-9)
  }

  @Test("Posterior means, variances and joint covariance", arguments: cases)
  func posterior(_ golden: Case) throws {
    let posterior = Posterior(try golden.process)
    let queries = golden.inputs(golden.queries)
    let moments = posterior.moments(at: queries)
    let joint = posterior.joint(at: queries)
    #expect(distance(moments.means, golden.means) < 1e-10)
    #expect(distance(moments.variances, golden.covariance.indices.map { golden.covariance[$0][$0] }) < 1e-10)
    #expect(distance(joint.means, golden.means) < 1e-10)
    #expect(distance(joint.covariance.elements, Matrix(golden.covariance).elements) < 1e-10)
  }
}
