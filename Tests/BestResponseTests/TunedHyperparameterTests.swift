import BestResponse
import Testing

@Suite("Hyperparameters and their coordinates")
struct TunedHyperparameterTests {
  @Test(
    "A value and its coordinate lead to each other",
    arguments: [
      (.identity, -3), (.exponential, 1e-4), (.interval(low: 0, high: 0.9), 0.05), (.interval(low: -2, high: 7), 6.9),
      (.whole(low: 0, high: 24), 0), (.whole(low: 0, high: 24), 7), (.whole(low: 0, high: 24), 24),
      (.logInterval(low: 1e-7, high: 0.1), 1e-4), (.logInterval(low: 1e-7, high: 0.1), 0.09),
    ] as [(TunedHyperparameter.Transformation, Double)])
  func inverse(transformation: TunedHyperparameter.Transformation, value: Double) {
    let hyperparameter = TunedHyperparameter("h", transformation, start: value)
    #expect(abs(hyperparameter.value(at: hyperparameter.coordinate(of: value)) - value) < 1e-12 * max(1, abs(value)))
  }

  @Test("No coordinate leaves the range, and whole numbers are whole")
  func ranges() {
    let interval = TunedHyperparameter("h", .interval(low: 0, high: 0.9), start: 0.5)
    let whole = TunedHyperparameter("h", .whole(low: 1, high: 4), start: 2)
    for lambda in [-1e300, -800, -3, 0, 0.1, 5, 800, 1e300] {
      #expect((0...0.9).contains(interval.value(at: lambda)))
      #expect([1, 2, 3, 4].contains(whole.value(at: lambda)))
    }
    let ratios = TunedHyperparameter("h", .logInterval(low: 1e-7, high: 0.1), start: 1e-4)
    for lambda in [-1e300, -800, 0, 800, 1e300] { #expect((1e-7...0.1).contains(ratios.value(at: lambda))) }
    #expect(abs(ratios.value(at: 0) - 1e-4) < 1e-15 && ratios.coordinate(of: 1e-7).isFinite)
    #expect(interval.coordinate(of: 0).isFinite && interval.coordinate(of: 0.9).isFinite)
  }
}
