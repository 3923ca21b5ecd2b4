import GaussianProcesses
import TuningModel

/// Proposes the minimiser of a function drawn from the posterior.
///
/// Every trial has a draw of its own, so unfinished trials need no more than not to be repeated.
struct ThompsonProposals: ProposalStrategy {
  func propose(
    in situation: ProposalSituation, using random: inout RandomStream
  ) throws(TunerError) -> StrategicProposal? {
    let path = PosteriorPath(situation.model.process, levelCounts: situation.encoding.levelCounts, using: &random)
    let surface = PathSurface(
      encoding: situation.encoding, process: situation.model.process, path: path, avoidance: situation.avoidance)
    return situation.maximise(surface, using: &random).map {
      StrategicProposal(
        proposal: $0, details: ["pairs": .integer(PosteriorPath.standardPairs)], countsPending: false)
    }
  }
}
