import Foundation
import NumericalMethods
import Testing

@Suite("Student's t distribution")
struct StudentTTests {
  static let values = [-30.0, -2, -0.5, 0, 0.1, 1, 2.5, 10, 1_000]

  @Test("One degree of freedom is Cauchy's distribution", arguments: values)
  func cauchy(t: Double) {
    let exact = t > 1 ? atan(1 / t) / .pi : 0.5 - atan(t) / .pi
    #expect(abs(StudentT.upperTail(t, degreesOfFreedom: 1) - exact) <= 1e-12 * exact)
  }

  @Test("Two degrees of freedom have a closed form", arguments: values)
  func two(t: Double) {
    let root = (2 + t * t).squareRoot()
    let exact = t > 0 ? 1 / (root * (root + t)) : 0.5 * (1 - t / root)
    #expect(abs(StudentT.upperTail(t, degreesOfFreedom: 2) - exact) <= 1e-12 * exact)
  }

  @Test("Many degrees of freedom come close to the normal distribution")
  func normal() {
    for t in [-2.0, 0, 1, 3] {
      #expect(abs(StudentT.upperTail(t, degreesOfFreedom: 1e6) - StandardNormal.cdf(-t)) < 1e-6)
    }
  }

  @Test("Ends and nonsense")
  func ends() {
    #expect(StudentT.upperTail(.infinity, degreesOfFreedom: 3) == 0)
    #expect(StudentT.upperTail(-.infinity, degreesOfFreedom: 3) == 1)
    #expect(StudentT.upperTail(.nan, degreesOfFreedom: 3).isNaN)
    #expect(StudentT.upperTail(1, degreesOfFreedom: 0).isNaN)
  }
}
