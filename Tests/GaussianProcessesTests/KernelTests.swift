import Foundation
import GaussianProcesses
import NumericalMethods
import TestSupport
import Testing

@Suite("Kernels")
struct KernelTests {
  @Test("The covariance matrix is positive semidefinite with every kind of coordinate", arguments: 0..<8)
  func positiveSemidefinite(seed: UInt64) throws {
    let problem = RandomProblem(40, seed: seed)
    var matrix = problem.kernel.covariance(at: problem.inputs(0..<40), problem.hyperparameters).matrix()
    matrix.mirrorLowerTriangle()
    let smallest = try #require(SymmetricEigendecomposition(matrix).values.first)
    #expect(smallest > -1e-12 * 40)
  }

  @Test(
    "The covariance matrix is positive semidefinite over random layouts, points and lengthscales", arguments: 0..<40)
  func positiveSemidefiniteLayouts(seed: UInt64) throws {
    var random = SplitMix64(seed: 1000 + seed)
    let d = Int.random(in: 1...8, using: &random)
    let layout = InputLayout(
      (0..<d).map { _ in
        .init(Bool.random(using: &random) ? .numeric : .categorical, isConditional: .random(using: &random))
      })
    let isOrdinal = (0..<d).map { _ in Bool.random(using: &random) }
    let n = 60
    let points = (0..<n).map { _ in
      (0..<d).map { index -> Double in
        if layout.dimensions[index].kind == .categorical { return Double(Int.random(in: 0..<4, using: &random)) }
        return isOrdinal[index] ? Double(Int.random(in: 0...4, using: &random)) / 4 : .random(in: 0...1, using: &random)
      }
    }
    let active = (0..<n).map { _ in layout.dimensions.map { !$0.isConditional || .random(using: &random) } }
    let correlations: [any RadialCorrelation] = [Matern52(), Matern32(), SquaredExponential()]
    let base = AnisotropicKernel(correlations[Int(seed) % 3], layout: layout)
    let hyperparameters = Hyperparameters(
      logLengthscales: (0..<d).map { _ in .random(in: -3...4, using: &random) }, logSignalVariance: 0,
      logNoiseVariance: 0,
      logWarpingShapes: (0..<2 * layout.numericDimensions.count).map { _ in .random(in: -2...2, using: &random) })
    for kernel: any CovarianceKernel in [base, InputWarpedKernel(base)] {
      let inputs = Inputs(points, active: active, layout: layout)
      var matrix = kernel.covariance(at: inputs, hyperparameters).matrix()
      matrix.mirrorLowerTriangle()
      let smallest = try #require(SymmetricEigendecomposition(matrix).values.first)
      #expect(smallest > -1e-10 * Double(n))
    }
  }

  @Test("Cross covariances agree with the covariance matrix")
  func crossAgreesWithMatrix() {
    let problem = RandomProblem(12, seed: 1)
    let inputs = problem.inputs(0..<12)
    let covariance = problem.kernel.covariance(at: inputs, problem.hyperparameters)
    var matrix = covariance.matrix()
    matrix.mirrorLowerTriangle()
    #expect(distance(covariance.cross(inputs).elements, matrix.elements) < 1e-12)
  }

  @Test("Appending points gives the covariance of all points")
  func appending() {
    let problem = RandomProblem(9, seed: 2)
    let all = problem.kernel.covariance(at: problem.inputs(0..<9), problem.hyperparameters)
    let joined = problem.kernel.covariance(at: problem.inputs(0..<5), problem.hyperparameters)
      .appending(problem.inputs(5..<9))
    #expect(distance(joined.cross(problem.inputs(0..<9)).elements, all.cross(problem.inputs(0..<9)).elements) < 1e-14)
  }

  @Test("The value of an inactive coordinate does not matter")
  func inactiveIsIgnored() {
    let layout = InputLayout([.init(.numeric, isConditional: true), .init(.categorical, isConditional: true)])
    let hyperparameters = Hyperparameters(lengthscales: [0.5, 0.5], signalVariance: 1, noiseVariance: 1)
    let kernel = AnisotropicKernel(layout: layout)
    let inactive = Inputs([[0.1, 0], [0.9, 2]], active: [[false, false], [false, false]], layout: layout)
    #expect(kernel.covariance(at: inactive, hyperparameters).cross(inactive).elements.allSatisfy { $0 == 1 })
  }

  @Test("An active conditional coordinate is equally far from inactive ones wherever it stands")
  func activityHasOneDistance() {
    let layout = InputLayout([.init(.numeric, isConditional: true)])
    let hyperparameters = Hyperparameters(lengthscales: [0.7], signalVariance: 1, noiseVariance: 1)
    let points = Inputs([[0.0], [0.3], [1.0]], layout: layout)
    let inactive = Inputs([[0.5]], active: [[false]], layout: layout)
    let covariances = AnisotropicKernel(layout: layout).covariance(at: points, hyperparameters).cross(inactive)
    let spread = (covariances.elements.max() ?? 0) - (covariances.elements.min() ?? 1)
    #expect(spread < 1e-15 && covariances[0, 0] < 0.6)
  }

  @Test("Points 1e-12 apart have a covariance matrix that factors with a noise of 1e-8")
  func nearDuplicates() throws {
    let points = Inputs([[0.3, 0.7], [0.3 + 1e-12, 0.7], [0.3, 0.7 - 1e-12]], layout: InputLayout(numeric: 2))
    let hyperparameters = Hyperparameters(lengthscales: [0.05, 0.005], signalVariance: 1, noiseVariance: 1e-8)
    var matrix = AnisotropicKernel(layout: points.layout).covariance(at: points, hyperparameters).matrix()
    matrix.addToDiagonal(1e-8)
    #expect(try CholeskyFactor(matrix).jitter == 0)
  }
}
