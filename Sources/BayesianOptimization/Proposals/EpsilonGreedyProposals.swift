import GaussianProcesses
import TuningModel

/// Proposes the minimiser of the posterior mean, but with a small probability ε a random point.
///
/// - Source: De Ath, Everson, Rahat, Fieldsend 2021, "Greed is good: exploration and exploitation trade-offs in Bayesian
///   optimisation", section 3.5, <https://arxiv.org/abs/1911.12809>. There the mean's minimiser is the best member of an
///   evolved set; here it is polished over the whole space.
struct EpsilonGreedyProposals: ProposalStrategy {
  /// Where random points come from.
  enum Exploration: String, CaseIterable, Sendable {
    /// The whole feasible region, uniformly (ε-RS).
    case box
    /// The Pareto front of low mean and high deviation, each member alike (ε-PF).
    case front
  }

  /// ε, from 0 to 1.
  let epsilon: Double
  let exploration: Exploration

  func propose(
    in situation: ProposalSituation, using random: inout RandomStream
  ) throws(TunerError) -> StrategicProposal? {
    let isRandom = Double.random(in: 0..<1, using: &random) < epsilon
    switch (isRandom, exploration) {
    case (false, _): return try greedy(in: situation, using: &random)
    case (true, .box):
      return situation.maximiser.sample(mayRepeat: situation.mayRepeat, tried: situation.tried, using: &random).map {
        StrategicProposal(proposal: $0, details: ["branch": "box"], countsPending: false)
      }
    case (true, .front):
      let front = ParetoFront(in: situation, try situation.posterior(), using: &random)
      guard let member = front.members.randomElement(using: &random) else {
        // Whatever was looked at has been tried.
        return try greedy(in: situation, using: &random)
      }
      let region = situation.region
      let proposal = AcquisitionMaximiser.Proposal(
        point: region.encoding.snap(member.point), parameters: region.decode(member.point), value: nil,
        source: member.source)
      return StrategicProposal(
        proposal: proposal,
        details: [
          "branch": "front", "members": .integer(front.members.count), "mean": .number(member.mean),
          "deviation": .number(member.deviation),
        ])
    }
  }

  private func greedy(
    in situation: ProposalSituation, using random: inout RandomStream
  ) throws(TunerError) -> StrategicProposal? {
    let posterior = try situation.posterior()
    let surface = situation.surface(
      ConfidenceBound(0), posterior, Fantasies(believing: posterior, incumbent: situation.model.incumbent))
    return situation.maximiseApart(surface, using: &random).map {
      StrategicProposal(proposal: $0, details: ["branch": "exploit"])
    }
  }
}
