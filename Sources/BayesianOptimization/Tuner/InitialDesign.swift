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

  /// Random points that are drawn where the sequence has none to offer.
  private static let draws = 64

  /// The design's point for a trial number: of a scrambled Sobol sequence, see `FeasibleRegion.designPoint`.
  ///
  /// The scrambling is keyed by the study's seed alone, so that all trials together are one low-discrepancy set. Where
  /// the point is infeasible or was tried, others of the same sequence take its place, then random points of the region.
  /// - Returns: `nil` when only points that were tried turned up.
  func proposal(
    for number: TrialNumber, seed: StudySeed, tried: (Parameters) -> Bool, using random: inout RandomStream
  ) -> Proposal? {
    var scrambling = RandomStream(seed: seed, trial: 0, purpose: .design)
    let sequence = SobolSequence(dimensions: region.encoding.dimension, seed: scrambling.next())
    let point = region.designPoint(number, of: sequence.point(at:)) { !tried(region.decode($0)) }
    if let point { return Proposal(parameters: region.decode(point), source: "sobol") }
    for _ in 0..<Self.draws {
      let parameters = region.decode(region.sample(using: &random))
      if !tried(parameters) { return Proposal(parameters: parameters, source: "uniform") }
    }
    return nil
  }
}
