import Foundation
import GaussianProcesses
import TestSupport
import Testing

@Suite("Radial correlations")
struct RadialCorrelationTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let squaredDistances: [Double]
    let values: [Double]
    let slopes: [Double]

    var testDescription: String { name }

    var correlation: any RadialCorrelation {
      get throws { try #require(RadialCorrelationTests.correlations[name]) }
    }
  }

  static let correlations: [String: any RadialCorrelation] = [
    "matern52": Matern52(), "matern32": Matern32(), "squared_exponential": SquaredExponential(),
  ]
  static let names = correlations.keys.sorted()
  static let fixture = Result { try GoldenValues("radial-correlations", of: Case.self, in: .module) }
  static let cases = (try? fixture.get().cases) ?? []

  private func evaluate(
    _ correlation: any RadialCorrelation, _ scale: Double = 1, at squaredDistances: [Double]
  ) -> (values: [Double], slopes: [Double]) {
    var values = squaredDistances
    var slopes = values
    values.withUnsafeMutableBufferPointer { values in
      slopes.withUnsafeMutableBufferPointer { correlation.apply(scale, to: values, slopes: $0) }
    }
    return (values, slopes)
  }

  @Test("The fixture has every correlation")
  func fixtureHasCases() throws { #expect(try Set(Self.fixture.get().cases.map(\.name)) == Set(Self.names)) }

  @Test("Values and slopes agree with 60-digit arithmetic at tiny, usual and large distances", arguments: cases)
  func goldenValues(_ golden: Case) throws {
    let tolerance = try Self.fixture.get().tolerance.relative
    let (values, slopes) = evaluate(try golden.correlation, at: golden.squaredDistances)
    for (index, squared) in golden.squaredDistances.enumerated() {
      #expect(abs(values[index] - golden.values[index]) <= tolerance * golden.values[index], "value at \(squared)")
      #expect(abs(slopes[index] - golden.slopes[index]) <= tolerance * golden.slopes[index], "slope at \(squared)")
    }
    // An exponential of arguments no larger than 40 has no such excuse.
    for (index, squared) in golden.squaredDistances.enumerated() where squared < 80 {
      #expect(abs(values[index] - golden.values[index]) <= 2e-14 * golden.values[index], "value at \(squared)")
    }
  }

  @Test("Slopes are −2 times the finite differences of the values", arguments: names)
  func finiteDifferences(name: String) throws {
    let correlation = try #require(Self.correlations[name])
    for squared in [0.01, 0.3, 1, 4, 30] {
      let step = 1e-3 * squared
      let around = evaluate(correlation, 2.5, at: [-2, -1, 1, 2].map { squared + $0 * step }).values
      let expected = -2 * (8 * (around[2] - around[1]) - (around[3] - around[0])) / (12 * step)
      #expect(abs(evaluate(correlation, 2.5, at: [squared]).slopes[0] / expected - 1) < 1e-8, "at \(squared)")
    }
  }

  @Test("Distances beyond every scale give 0 and no NaN", arguments: names)
  func huge(name: String) throws {
    let distances = [2e5, 1e6, 1e100, 1e300, Double.greatestFiniteMagnitude, .infinity]
    let (values, slopes) = evaluate(try #require(Self.correlations[name]), 3, at: distances)
    #expect(values.allSatisfy { $0 == 0 } && slopes.allSatisfy { $0 == 0 })
  }

  @Test("A distance that is not a number stays visible", arguments: names)
  func notANumber(name: String) throws {
    let (values, slopes) = evaluate(try #require(Self.correlations[name]), at: [1, .nan, 2])
    #expect(values[1].isNaN && slopes[1].isNaN && values[0].isFinite && values[2].isFinite)
  }

  @Test("An element does not depend on how many stand beside it, nor a value on whether slopes are asked for")
  func positionIndependent() throws {
    var random = SplitMix64(seed: 3)
    let distances = (0..<61).map { _ in Double.random(in: 0...20, using: &random) }
    for correlation in Self.correlations.values {
      let (values, slopes) = evaluate(correlation, 1.7, at: distances)
      for count in [1, 2, 7, 8, 9, 15, 16, 17, 40] {
        let some = evaluate(correlation, 1.7, at: Array(distances.suffix(count)))
        #expect(some.values == Array(values.suffix(count)) && some.slopes == Array(slopes.suffix(count)))
        var alone = Array(distances.suffix(count))
        alone.withUnsafeMutableBufferPointer { correlation.apply(1.7, to: $0) }
        #expect(distance(alone, some.values) <= 1e-15)
      }
    }
  }
}
