import NumericalMethods
import TuningModel

/// The points that are tried before there is a model, and where a model has nothing to go by.
struct InitialDesign: Sendable {
  let region: FeasibleRegion

  /// A point of the design and what made it.
  struct Proposal {
    var parameters: Parameters
    var source: String
  }

  /// Steps between the points of the sequence that are tried for one trial: odd, so that they spread over the whole cube.
  private static let stride = 10_007
  private static let attempts = 64

  /// The design's point for a trial number: scrambled Sobol with the number as its index.
  ///
  /// The scrambling is keyed by the study's seed alone, so that all trials together are one low-discrepancy set. Where
  /// the point is infeasible or was tried, others of the same sequence take its place, then random points of the region.
  /// - Returns: `nil` when only points that were tried turned up.
  func proposal(
    for number: TrialNumber, seed: StudySeed, tried: (Parameters) -> Bool, using random: inout RandomStream
  ) -> Proposal? {
    var scrambling = RandomStream(seed: seed, trial: 0, purpose: .design)
    let sequence = SobolSequence(dimensions: region.encoding.dimension, seed: scrambling.next())
    for attempt in 0..<Self.attempts {
      let point = sequence.point(at: (number + attempt * Self.stride) % SobolSequence.count)
      guard region.contains(point) else { continue }
      let parameters = region.encoding.decode(point)
      if !tried(parameters) { return Proposal(parameters: parameters, source: "sobol") }
    }
    for _ in 0..<Self.attempts {
      let parameters = region.encoding.decode(region.sample(using: &random))
      if !tried(parameters) { return Proposal(parameters: parameters, source: "uniform") }
    }
    return nil
  }
}
