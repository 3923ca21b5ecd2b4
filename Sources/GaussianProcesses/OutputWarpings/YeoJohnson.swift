import Foundation
import NumericalMethods

/// The power transformation of Yeo and Johnson, with the power that makes the values look most normal.
///
/// Values are centred on their median and divided by their robust spread (the interquartile range over 1.349; where that
/// is 0, the largest distance) first, so that the power does not depend on the metric's unit and one outlier does not
/// push all others together. Then, with power λ and L = ln(1 + |x|): x ≥ 0 becomes (e^(λL) − 1)/λ, or L at λ = 0, and
/// x < 0 becomes −(e^((2−λ)L) − 1)/(2 − λ), or −L at λ = 2.
/// - Source: Yeo, Johnson 2000, "A new family of power transformations to improve normality or symmetry", eq. 2.1.
package struct YeoJohnson: MonotoneStep, Hashable {
  /// The median of the values, which becomes 0.
  package let center: Double
  /// The spread of the values.
  package let spread: Double
  /// λ, one of `powers(count:)`; 1 changes nothing.
  package let power: Double

  /// The powers considered for so many values: from −2 to 4 − 3n/50, but never to less than 1.
  ///
  /// Above 1 the lower side is compressed. That is the better side of costs: where many of them were spread over the space,
  /// the best lie far out in a tail, and a power that folds the tail makes a search slow where it should be most exact
  /// (Hartmann's function in six dimensions, 50 trials after 200 random ones: regret 3.5e-2 instead of 2e-6 or a local
  /// minimum). With few values the tail is not known yet, and compressing it keeps a search from settling.
  package static func powers(count: Int) -> ClosedRange<Double> { -2...max(1, 4 - 3 * Double(count) / 50) }

  /// The most likely step for these values, or `nil` where there are fewer than four or they do not differ.
  ///
  /// - Complexity: some fifty passes over the values; the likelihood has one peak, which a golden section finds.
  package init?(_ values: [Double]) {
    guard values.count >= 4 else { return nil }
    let sorted = values.sorted()
    let median = quantile(0.5, ofSorted: sorted)
    let range = quantile(0.75, ofSorted: sorted) - quantile(0.25, ofSorted: sorted)
    let distance = max(sorted[sorted.count - 1] - median, median - sorted[0])
    let spread = range > 0 ? range / 1.349 : distance
    guard spread > 0, (distance / spread).isFinite else { return nil }
    center = median
    self.spread = spread
    let relative = sorted.map { ($0 - median) / spread }
    // Powers at which the ends do not overflow.
    let above = Self.logarithm(relative[relative.count - 1])
    let below = Self.logarithm(relative[0])
    let powers = Self.powers(count: values.count)
    var low = max(powers.lowerBound, relative[0] < 0 ? 2 - 700 / below : -.infinity)
    var high = min(powers.upperBound, relative[relative.count - 1] > 0 ? 700 / above : .infinity)
    guard low < high else { return nil }

    let golden = (5.0.squareRoot() - 1) / 2
    var (left, right) = (high - golden * (high - low), low + golden * (high - low))
    var leftValue = Self.logLikelihood(relative, power: left)
    var rightValue = Self.logLikelihood(relative, power: right)
    while high - low > 1e-9 {
      if leftValue >= rightValue {
        (high, right, rightValue) = (right, left, leftValue)
        left = high - golden * (high - low)
        leftValue = Self.logLikelihood(relative, power: left)
      } else {
        (low, left, leftValue) = (left, right, rightValue)
        right = low + golden * (high - low)
        rightValue = Self.logLikelihood(relative, power: right)
      }
    }
    power = (low + high) / 2
  }

  func apply(_ value: Double) -> Double { Self.transform((value - center) / spread, power: power) }

  func invert(_ image: Double) -> Double { center + spread * Self.inverse(image, power: power) }

  /// The transformation of one number.
  package static func transform(_ x: Double, power: Double) -> Double {
    x >= 0 ? scaledExponential(logarithm(x), power) : -scaledExponential(logarithm(x), 2 - power)
  }

  /// The number with this image; ±∞ beyond the images of all numbers.
  package static func inverse(_ y: Double, power: Double) -> Double {
    y >= 0 ? expm1(scaledLogarithm(y, power)) : -expm1(scaledLogarithm(-y, 2 - power))
  }

  /// The log likelihood of values that are normal after the transformation, with the best mean and variance, up to a
  /// constant; −∞ where the images do not differ or overflow.
  package static func logLikelihood(_ values: [Double], power: Double) -> Double {
    let images = values.map { transform($0, power: power) }
    let count = Double(images.count)
    let mean = images.reduce(0) { $0 + $1 / count }
    let spread = images.reduce(0) { max($0, abs($1 - mean)) }
    guard spread > 0, spread.isFinite else { return -.infinity }
    let sum = images.reduce(0) { $0 + (($1 - mean) / spread) * (($1 - mean) / spread) / count }
    let jacobian = values.reduce(0) { $0 + ($1 >= 0 ? logarithm($1) : -logarithm($1)) }
    return (power - 1) * jacobian - count * (Foundation.log(spread) + Foundation.log(sum) / 2)
  }

  /// ln(1 + |x|).
  private static func logarithm(_ x: Double) -> Double { log1p(abs(x)) }

  /// (e^(pL) − 1)/p, or L at p = 0.
  private static func scaledExponential(_ l: Double, _ p: Double) -> Double { p == 0 ? l : expm1(p * l) / p }

  /// Its inverse, ln(1 + p·y)/p.
  private static func scaledLogarithm(_ y: Double, _ p: Double) -> Double {
    p == 0 ? y : log1p(max(p * y, -1)) / p
  }
}
