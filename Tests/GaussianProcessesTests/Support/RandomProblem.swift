import GaussianProcesses
import TestSupport

/// Random points with every kind of coordinate, and a process over them.
struct RandomProblem {
  static let layout = InputLayout([
    .init(.categorical), .init(.numeric, isConditional: true), .init(.numeric),
    .init(.categorical, isConditional: true),
    .init(.numeric),
  ])

  let points: [[Double]]
  let active: [[Bool]]
  let targets: [Double]
  let hyperparameters: Hyperparameters
  let noise = NoiseModel.learned(floor: 1e-6)

  init(_ count: Int, seed: UInt64, noiseVariance: Double = 0.01) {
    var random = SplitMix64(seed: seed)
    var points: [[Double]] = []
    var active: [[Bool]] = []
    for _ in 0..<count {
      let parent = Double(Int.random(in: 0..<3, using: &random))
      points.append([
        parent, .random(in: 0...1, using: &random), .random(in: 0...1, using: &random),
        Double(Int.random(in: 0..<2, using: &random)), .random(in: 0...1, using: &random),
      ])
      active.append([true, parent == 0, true, parent == 1, true])
    }
    self.points = points
    self.active = active
    targets = (0..<count).map { _ in .random(in: -2...2, using: &random) }
    hyperparameters = Hyperparameters(
      lengthscales: Self.layout.dimensions.map { _ in .random(in: 0.3...1.5, using: &random) },
      signalVariance: .random(in: 0.5...2, using: &random), noiseVariance: noiseVariance)
  }

  var kernel: AnisotropicKernel { AnisotropicKernel(layout: Self.layout) }

  func inputs(_ range: Range<Int>) -> Inputs {
    Inputs(Array(points[range]), active: Array(active[range]), layout: Self.layout)
  }

  func observations(_ range: Range<Int>) -> Observations {
    Observations(inputs(range), targets: Array(targets[range]))
  }

  func process(_ range: Range<Int>) throws -> GaussianProcess {
    try GaussianProcess(observations(range), kernel: kernel, hyperparameters: hyperparameters, noise: noise)
  }
}

/// The derivative of a function of a vector by one coordinate, by central differences of fourth order.
func derivative(_ index: Int, at point: [Double], step: Double = 1e-3, _ function: ([Double]) -> Double) -> Double {
  func shifted(_ factor: Double) -> Double {
    var moved = point
    moved[index] += factor * step
    return function(moved)
  }
  return (8 * (shifted(1) - shifted(-1)) - (shifted(2) - shifted(-2))) / (12 * step)
}

/// The largest absolute difference of two vectors; infinite when their lengths differ.
func distance(_ x: [Double], _ y: [Double]) -> Double {
  guard x.count == y.count else { return .infinity }
  return zip(x, y).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
}
