import Foundation
import GaussianProcesses
import TestSupport
import Testing

@Suite("The transformation of Yeo and Johnson")
struct YeoJohnsonTests {
  struct Transformation: Decodable, Sendable {
    let x, power, image: Double
  }

  struct Fit: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let values: [Double]
    let power: Double
    let warped: [Double]

    var testDescription: String { name }
  }

  static let fits = Result { try GoldenValues("yeo-johnson-powers", of: Fit.self, in: .module) }

  @Test("The image of a number, and back, agree with 400-digit arithmetic")
  func transformation() throws {
    let fixture = try GoldenValues("yeo-johnson", of: Transformation.self, in: .module)
    #expect(fixture.cases.count == 102)
    for golden in fixture.cases {
      let image = YeoJohnson.transform(golden.x, power: golden.power)
      let tolerance = fixture.tolerance.relative * abs(golden.image) + .leastNormalMagnitude
      #expect(abs(image - golden.image) <= tolerance, "\(golden)")
      // Where the image has come close to its bound, it does not tell the number any more.
      let bound = golden.x >= 0 ? -golden.power : golden.power - 2
      guard bound <= 0 || abs(golden.image) * bound < 0.99 else { continue }
      #expect(abs(YeoJohnson.inverse(image, power: golden.power) / golden.x - 1) < 1e-9 || golden.x == 0, "\(golden)")
    }
  }

  @Test("The most likely power and the warped values agree with SciPy", arguments: (try? fits.get().cases) ?? [])
  func fit(_ golden: Fit) throws {
    let step = try #require(YeoJohnson(golden.values))
    let tolerance = try Self.fits.get().tolerance.relative
    let highest = YeoJohnson.powers(count: golden.values.count).upperBound
    #expect(abs(step.power - min(golden.power, highest)) < tolerance)
    guard golden.power <= highest else { return }
    #expect(distance(OutputWarping.yeoJohnson.warp(golden.values).values, golden.warped) < 100 * tolerance)
  }

  @Test("The fixture has its cases")
  func fixtureHasCases() throws { #expect(try Self.fits.get().cases.count == 5) }

  @Test("The power does not depend on the metric's unit or origin, up to rounding")
  func invariance() throws {
    let values = [1, 2, 4, 9, 30, 200, 3, 5]
    let power = try #require(YeoJohnson(values.map(Double.init))).power
    for (unit, origin) in [(1e-200, 0.0), (1e200, 0.0), (3, -700.0)] {
      let step = try #require(YeoJohnson(values.map { Double($0) * unit + origin }))
      #expect(abs(step.power - power) < 1e-6)
    }
  }

  @Test("Mirrored values have the mirrored power")
  func mirror() throws {
    let values = [1.0, 2, 4, 9, 30, 200, 3, 5]
    let (power, mirrored) = (YeoJohnson(values)?.power, YeoJohnson(values.map { -$0 })?.power)
    #expect(abs(try #require(power) + (try #require(mirrored)) - 2) < 1e-6)
  }

  @Test("Many values are not given a power that folds the lower tail")
  func lowerTail() throws {
    let tail = (1...200).map { -exp(Double($0) / 40) }
    let few = stride(from: 0, to: 200, by: 20).map { tail[$0] }
    #expect(try #require(YeoJohnson(few)).power > 1.5)
    #expect(abs(try #require(YeoJohnson(tail)).power - 1) < 1e-6)
    #expect(try #require(YeoJohnson(tail.map { -$0 })).power < 0.5)
  }
}
