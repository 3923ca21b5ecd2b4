import GaussianProcesses
import TuningModel

/// What is known when the next point is to be chosen.
struct ProposalSituation {
  /// The surrogate, fitted to what was measured.
  let model: SurrogateModel
  /// How points become the surrogate's inputs.
  let encoding: SurrogateEncoding
  /// Finds the highest point of a surface.
  let maximiser: AcquisitionMaximiser
  /// Keeps away from where trials fail again and again.
  let avoidance: FailureAvoidance?
  /// The points of unfinished trials, oldest first.
  let pending: [[Double]]
  /// What is known of the noise.
  let noise: Noise
  /// The number of trials so far, whatever came of them.
  let trialCount: Int
  /// Below this log utility nothing is expected of a point any more.
  let settledUtility: Double
  /// Whether this trial looks further afield where next to nothing is expected of any point.
  let isRestless: Bool
  /// Whether parameters have been tried or are pending.
  let tried: (Parameters) -> Bool

  /// Points nearer than this to a pending one, in lengthscales along every coordinate, are taken for the same by what
  /// has nothing else to tell them apart.
  private static let apart = 1e-3

  /// The region that points come from.
  var region: FeasibleRegion { maximiser.region }
  /// Whether a point may be proposed again once all have been tried.
  var mayRepeat: Bool { noise != .none }

  /// What the surrogate believes, given that pending trials will be measured.
  func posterior() throws(TunerError) -> Posterior {
    do throws(GaussianProcessError) {
      return try Posterior(model.process, pending: encoding.inputs(pending))
    } catch {
      throw .failed("The surrogate could not be conditioned on \(pending.count) pending trials: \(error).")
    }
  }

  /// An acquisition as a function on the encoded space.
  func surface(_ acquisition: any Acquisition, _ posterior: Posterior, _ fantasies: Fantasies) -> AcquisitionSurface {
    AcquisitionSurface(
      encoding: encoding, posterior: posterior, acquisition: acquisition, fantasies: fantasies, avoidance: avoidance)
  }

  /// The highest point of a surface that has not been tried.
  func maximise(_ surface: any SearchSurface, using random: inout RandomStream) -> AcquisitionMaximiser.Proposal? {
    maximiser.maximise(surface, observed: model.bestPoints, mayRepeat: mayRepeat, tried: tried, using: &random)
  }

  /// The highest point of a surface, not tried yet, among those that differ from the incumbent in one coordinate.
  func maximiseAlongAxes(
    _ surface: any SearchSurface, using random: inout RandomStream
  ) -> AcquisitionMaximiser.Proposal? {
    guard let incumbent = model.bestPoints.first else { return nil }
    return maximiser.maximiseAlongAxes(surface, from: region.pinned(incumbent), tried: tried, using: &random)
  }

  /// The highest point of a surface that has not been tried and is not next to a pending one, where there is such a point.
  ///
  /// For surfaces that pending trials do not change: several workers would all get the same point but for rounding.
  func maximiseApart(_ surface: any SearchSurface, using random: inout RandomStream) -> AcquisitionMaximiser.Proposal? {
    if !pending.isEmpty {
      let widths = surface.lengthscales.map { Self.apart * $0 }
      let proposal = maximiser.maximise(
        surface, observed: model.bestPoints, mayRepeat: mayRepeat,
        tried: { tried($0) || isPending($0, within: widths) }, using: &random)
      if let proposal, proposal.source != .repetition { return proposal }
    }
    return maximise(surface, using: &random)
  }

  private func isPending(_ parameters: Parameters, within widths: [Double]) -> Bool {
    let point = region.encoding.encode(parameters)
    return pending.contains { other in
      point.indices.allSatisfy { abs(point[$0] - other[$0]) <= widths[$0] }
    }
  }
}
