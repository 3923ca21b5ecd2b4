import Foundation
import GaussianProcesses
import TestSupport
import Testing

@Suite("Kumaraswamy warpings")
struct KumaraswamyTests {
  struct Case: Decodable, Sendable {
    let x, logA, logB, value: Double
    let gradient: [Double]
  }

  @Test("Value and derivatives agree with BoTorch")
  func golden() throws {
    let fixture = try GoldenValues("kumaraswamy", of: Case.self, in: .module)
    #expect(fixture.cases.count == 48)
    for golden in fixture.cases {
      let (value, slope, byLogA, byLogB) = Kumaraswamy(logA: golden.logA, logB: golden.logB).evaluate(golden.x)
      #expect(abs(value - golden.value) < fixture.tolerance.relative)
      #expect(Kumaraswamy(logA: golden.logA, logB: golden.logB).value(golden.x) == value)
      for (own, expected) in zip([slope, byLogA, byLogB], golden.gradient) {
        #expect(abs(own - expected) < fixture.tolerance.relative * max(1, abs(expected)), "\(golden)")
      }
    }
  }

  @Test("Shapes of 1 leave numbers as they are, up to the squeeze")
  func identity() {
    for x in [0, 0.2, 0.5, 1] { #expect(abs(Kumaraswamy(logA: 0, logB: 0).evaluate(x).value - x) < 1.1e-7) }
  }

  @Test("It is increasing from 0 to 1 and its derivatives are finite, whatever the shapes")
  func increasing() {
    for logA in [-2.3, 0, 2.3] {
      for logB in [-2.3, 0, 2.3] {
        let warping = Kumaraswamy(logA: logA, logB: logB)
        var last = -1e-300
        for step in 0...100 {
          let (value, slope, byLogA, byLogB) = warping.evaluate(Double(step) / 100)
          #expect(value >= last && value <= 1 && slope >= 0)
          #expect(slope.isFinite && byLogA.isFinite && byLogB.isFinite)
          last = value
        }
      }
    }
  }
}
