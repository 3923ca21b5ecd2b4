import Foundation

extension RandomNumberGenerator {
  /// A number from 0 up to 1, with 53 random bits.
  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number from a standard normal distribution.
  ///
  /// - Source: Box and Muller 1958, "A note on the generation of random normal deviates".
  mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * .pi * uniform())
  }

  /// A whole number from 0 up to `count`.
  mutating func index(below count: Int) -> Int { min(count - 1, Int(uniform() * Double(count))) }
}
