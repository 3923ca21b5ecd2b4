import Testing
import Tuners
import TuningModel

/// The toy of population-based training, in which neither of two members gets far alone.
///
/// Q(θ) = 1.2 − θ₀² − θ₁² is wanted, and training ascends
/// 1.2 − h₀θ₀² − h₁θ₁² from θ = (0.9, 0.9). Members begin with h = (1, 0) and
/// (0, 1).
/// - Source: Jaderberg et al. 2017, "Population based training of neural networks", figure 2.
@Suite("The toy of population-based training")
struct PopulationToyTests {
  private static let space: [JSONValue] = [
    ["name": "h0", "type": "float", "low": 0, "high": 1], ["name": "h1", "type": "float", "low": 0, "high": 1],
  ]

  /// The better Q of the two members after 200 steps each.
  private func best(_ options: [String: JSONValue], seed: StudySeed) throws -> Double {
    let options = options.merging(["population_size": 2, "interval": 4, "max_steps": 200]) { $1 }
    var course = try PopulationCourse(options, parameters: Self.space, goal: "maximize", seed: seed)
    var states: [String: [Double]] = [:]
    var last: [Int: Double] = [:]
    let starts: [Parameters] = [["h0": .float(1), "h1": .float(0)], ["h0": .float(0), "h1": .float(1)]]
    for number in 1... {
      guard let (trial, suggestion) = try? course.ask(number <= 2 ? starts[number - 1] : nil) else { break }
      let resume = try #require(suggestion.resume)
      var θ = try resume.checkpoint.map { try #require(states[$0]) } ?? [0.9, 0.9]
      let h = [suggestion.parameters["h0"]?.number ?? 0, suggestion.parameters["h1"]?.number ?? 0]
      for _ in resume.stepFrom..<resume.stepTo { for i in 0..<2 { θ[i] -= 0.02 * 2 * h[i] * θ[i] } }
      let q = 1.2 - θ[0] * θ[0] - θ[1] * θ[1]
      states["c\(trial)"] = θ
      last[resume.member] = q
      course.tell(trial, q)
    }
    return last.values.max() ?? 0
  }

  /// How many of the first seeds reach 1.19; they are fixed, so there is no false alarm.
  private func share(_ options: [String: JSONValue], of seeds: Int) throws -> Int {
    try (1...seeds).count { try best(options, seed: StudySeed($0)) >= 1.19 }
  }

  @Test("As it is set, at least 95 of 100 seeds reach 1.19")
  func standard() throws {
    let count = try share([:], of: 100)
    #expect(count >= 95)
  }

  @Test("Without drawing anew, multiplication leaves zero all the same: no seed stays near 0.390")
  func withoutResampling() throws {
    let worst = try (1...30).map { try best(["resample_probability": 0], seed: StudySeed($0)) }.min() ?? 0
    #expect(worst > 0.6)
  }

  @Test("Gaussian noise gets there too")
  func gaussian() throws {
    let count = try share(
      ["explore": "gaussian", "resample_probability": 0], of: 30)
    #expect(count >= 24)
  }

  @Test("Compared by their latest results, at least 27 of 30 seeds reach 1.19")
  func latest() throws {
    let count = try share(["comparison": "latest"], of: 30)
    #expect(count >= 27)
  }

  @Test("Without exploiting, members stay at 0.390")
  func grid() throws {
    for seed in 1...5 { #expect(abs(try best(["quantile": 0], seed: StudySeed(seed)) - 0.39) <= 0.001) }
  }
}
