import BestResponse
import TestSupport
import Testing

@Suite("Steps of optimisers")
struct OptimiserTests {
  struct Case: Decodable, Sendable {
    let name: String
    let start: [Double]
    let gradients, points: [[Double]]
  }

  @Test("They go through the points that PyTorch's go through")
  func reference() throws {
    let golden = try GoldenValues("optimisers", of: Case.self, in: .module)
    #expect(golden.cases.count == 3)
    for reference in golden.cases {
      let optimiser: Optimiser =
        switch reference.name {
        case "momentum": .momentum(rate: 0.05)
        case "adam": .adam(rate: 0.01)
        default: .rmsProp(rate: 0.01)
        }
      var (point, state) = (reference.start, Optimiser.State(count: 3))
      for (gradient, expected) in zip(reference.gradients, reference.points) {
        optimiser.step([0..<3], &point, gradient, &state)
        for (value, other) in zip(point, expected) {
          #expect(abs(value - other) <= golden.tolerance.relative * max(1, abs(other)), "\(reference.name)")
        }
      }
    }
  }

  @Test("What is not among the ranges stays")
  func ranges() {
    var (point, state) = ([1.0, 2, 3, 4], Optimiser.State(count: 4))
    Optimiser.adam(rate: 0.1).step([0..<1, 2..<3], &point, [1, 1, 1, 1], &state)
    #expect(point[1] == 2 && point[3] == 4)
    #expect(point[0] < 1 && point[2] < 3)
  }
}
