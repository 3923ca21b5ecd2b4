import Bilevel
import Testing

@Suite("Hyperparameters")
struct HyperparameterTests {
  @Test("A coordinate and the number it stands for lead to each other", arguments: Hyperparameter.Transform.allCases)
  func inverse(transform: Hyperparameter.Transform) {
    let hyperparameter = Hyperparameter("penalty", transform, range: -3...3, start: 0)
    for theta in [-2.5, -0.3, 0, 1.7] {
      #expect(abs(hyperparameter.coordinate(of: hyperparameter.value(at: theta)) - theta) < 1e-12)
      let step = 1e-6
      let difference = (hyperparameter.value(at: theta + step) - hyperparameter.value(at: theta - step)) / (2 * step)
      #expect(abs(hyperparameter.slope(at: theta) - difference) < 1e-7 * (1 + abs(difference)))
    }
  }
}
