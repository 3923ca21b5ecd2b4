import TuningModel

/// A way to choose the next point, given what the surrogate believes.
///
/// All randomness comes from the trial's own stream, so a trial's number and the study's seed give the same choice again.
protocol ProposalStrategy: Sendable {
  /// Chooses the next point.
  ///
  /// - Returns: `nil` when every point has been tried and none may be repeated.
  func propose(
    in situation: ProposalSituation, using random: inout RandomStream
  ) throws(TunerError) -> StrategicProposal?
}

/// A point that was chosen, and why.
struct StrategicProposal {
  /// The point, and how it was found.
  var proposal: AcquisitionMaximiser.Proposal
  /// What the choice depended on besides the fit, for the trial's origin.
  var details: [String: JSONValue] = [:]
  /// Whether unfinished trials were counted on.
  var countsPending = true
  /// Whether next to nothing is expected of any point.
  var isSettled = false

  /// Everything to be told of the choice but the fit.
  var allDetails: [String: JSONValue] {
    var all = details
    all["source"] = .string(proposal.source.rawValue)
    if let value = proposal.value, value.isFinite { all["utility"] = .number(value) }
    if proposal.source == .repetition { all["repeated"] = true }
    return all
  }
}
