package import NumericalMethods

/// Leaves out hidden units at random while a network learns.
///
/// Inverted: the units kept are scaled up by 1 / (1 − rate), so that the expected output is unchanged and a trained
/// network is used as it is.
/// - Source: Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov 2014, "Dropout", section 10.
package struct Dropout {
  /// The share of units left out, 0 ≤ rate < 1.
  package let rate: Double

  /// What the choice is drawn from.
  package private(set) var stream: SplitMix64

  /// What the outputs of the units kept are multiplied by.
  package var scale: Double { 1 / (1 - rate) }

  /// The choice of units by a seed.
  package init(rate: Double, seed: UInt64) {
    self.rate = rate
    stream = SplitMix64(seed: seed, for: .dropout)
  }

  /// The choice of units from a stream on.
  package init(rate: Double, stream: SplitMix64) {
    self.rate = rate
    self.stream = stream
  }

  /// Clears each element with the probability `rate`, and scales up the others.
  package mutating func apply(to outputs: inout Matrix) {
    let (rate, scale) = (rate, scale)
    outputs.withUnsafeMutableElements { values in
      for k in values.indices { values[k] = stream.uniform() < rate ? 0 : scale * values[k] }
    }
  }
}
