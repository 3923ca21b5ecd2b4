import Foundation
import NumericalMethods
import Testing

@Suite("Gauss–Hermite quadrature")
struct GaussHermiteRuleTests {
  @Test("Three nodes are those of the third Hermite polynomial")
  func three() {
    let rule = GaussHermiteRule(count: 3)
    for (node, expected) in zip(rule.nodes, [-3.0.squareRoot(), 0, 3.0.squareRoot()]) {
      #expect(abs(node - expected) < 1e-14)
    }
    for (weight, expected) in zip(rule.weights, [1.0 / 6, 2.0 / 3, 1.0 / 6]) { #expect(abs(weight - expected) < 1e-14) }
  }

  @Test("Even moments of the normal distribution are exact up to the rule's degree")
  func moments() {
    let rule = GaussHermiteRule(count: 8)
    var expected = 1.0
    for degree in stride(from: 2, through: 14, by: 2) {
      expected *= Double(degree - 1)
      let moment = zip(rule.nodes, rule.weights).reduce(0) { $0 + $1.1 * pow($1.0, Double(degree)) }
      #expect(abs(moment - expected) < 1e-12 * expected)
    }
  }

  @Test("A linear function keeps mean and deviation, at any scale", arguments: [1e-300, 1, 1e300])
  func linear(scale: Double) {
    let (mean, deviation) = GaussHermiteRule(count: 24).moments(mean: 2, deviation: 0.5) { scale * (1 - 3 * $0) }
    #expect(abs(mean / scale + 5) < 1e-12)
    #expect(abs(deviation / scale - 1.5) < 1e-12)
  }

  @Test("The exponential of a normal variable has the log-normal moments")
  func exponential() {
    let (mean, deviation) = GaussHermiteRule(count: 24).moments(mean: 0.3, deviation: 0.4, of: exp)
    #expect(abs(mean - exp(0.38)) < 1e-12)
    #expect(abs(deviation - exp(0.38) * expm1(0.16).squareRoot()) < 1e-12)
  }
}
