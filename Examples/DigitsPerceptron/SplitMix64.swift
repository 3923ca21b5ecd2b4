import Foundation

/// A stream of random numbers that depends on a seed and a purpose alone.
///
/// What it draws is spelled out here rather than left to the standard library, so that a seed keeps its meaning from
/// one version of Swift to the next.
/// - Source: Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators", section 3.
package struct SplitMix64: Equatable, Codable {
  /// What a stream is drawn for; streams of different purposes do not depend on each other's length.
  package enum Purpose: UInt64 {
    case split, weights, order, dropout
  }

  private var state: UInt64

  /// The stream of one seed and purpose.
  package init(seed: UInt64, for purpose: Purpose) {
    state = seed
    // Mixed before the purpose is added: neighbouring seeds and purposes start far apart.
    state = next() &+ purpose.rawValue
    state = next()
  }

  /// The stream from a state on; for tests against published values.
  package init(state: UInt64) { self.state = state }

  /// The next 64 random bits.
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  /// A number spread evenly over 0 ≤ u < 1.
  package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A whole number spread evenly over 0 ..< bound.
  package mutating func integer(below bound: Int) -> Int {
    // The bias of taking the high word is below bound / 2^64.
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A number of the standard normal distribution, by the method of Box and Muller.
  package mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * .pi * uniform())
  }

  /// Puts a list into random order (Fisher and Yates).
  package mutating func shuffle(_ list: inout [Int]) {
    for last in stride(from: list.count - 1, to: 0, by: -1) {
      list.swapAt(last, integer(below: last + 1))
    }
  }
}
