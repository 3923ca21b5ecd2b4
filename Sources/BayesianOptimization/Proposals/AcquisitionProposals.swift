import Foundation
import GaussianProcesses
import TuningModel

/// Proposes the point at which an acquisition is highest.
struct AcquisitionProposals: ProposalStrategy {
  /// What is maximised.
  enum Utility: Sendable {
    /// A logarithm of what is expected of a measurement; noise discounts it.
    case improvement(any Acquisition)
    /// The same without the logarithm.
    case plainImprovement(any Acquisition)
    /// A confidence bound.
    case confidenceBound(ConfidenceSchedule, fixed: Double)
    /// The posterior mean.
    case mean
  }

  let utility: Utility
  let pending: PendingRule

  /// How much better than the incumbent a point has to be for the probability of improvement, in standard deviations of
  /// the observed values: without a margin every next step is the smallest.
  static let probabilityMargin = 0.1

  func propose(
    in situation: ProposalSituation, using random: inout RandomStream
  ) throws(TunerError) -> StrategicProposal? {
    let posterior = try situation.posterior()
    let incumbent = situation.model.incumbent
    let fantasies =
      switch pending {
      case .fantasies: Fantasies(posterior, incumbent: incumbent, using: &random)
      case .believer: Fantasies(believing: posterior, incumbent: incumbent)
      }
    switch utility {
    case .improvement(let acquisition):
      let surface = situation.surface(discounted(acquisition, situation), posterior, fantasies)
      return seekImprovement(
        surface, settledAt: situation.settledUtility, situation, posterior, fantasies, using: &random)
    case .plainImprovement(let acquisition):
      let surface = ExponentialSurface(situation.surface(discounted(acquisition, situation), posterior, fantasies))
      return seekImprovement(
        surface, settledAt: exp(situation.settledUtility), situation, posterior, fantasies, using: &random)
    case .confidenceBound(let schedule, let fixed):
      let coefficient = schedule.coefficient(
        fixed: fixed, trials: situation.trialCount, dimensions: situation.encoding.layout.count)
      let surface = situation.surface(ConfidenceBound(coefficient), posterior, fantasies)
      return situation.maximise(surface, using: &random).map {
        StrategicProposal(proposal: $0, details: ["coefficient": .number(coefficient)])
      }
    case .mean:
      let surface = situation.surface(ConfidenceBound(0), posterior, fantasies)
      return situation.maximiseApart(surface, using: &random).map { StrategicProposal(proposal: $0) }
    }
  }

  /// How many deviations better than the mean a point counts once nothing is expected of any.
  private static let restlessCoefficient = 10.0

  /// The highest point of a utility; or, where it is lower than `settled` there and the trial is restless, of a confidence
  /// bound over the points that differ from the incumbent in one coordinate: the model that expects nothing of any point
  /// may be wrong.
  ///
  /// Parameters often have a say of their own each. A minimum that is the wrong one in three of ten coordinates is left by
  /// changing one of them; in the whole space the bound prefers points next to the incumbent, or corners.
  private func seekImprovement(
    _ surface: any SearchSurface, settledAt settled: Double, _ situation: ProposalSituation, _ posterior: Posterior,
    _ fantasies: Fantasies, using random: inout RandomStream
  ) -> StrategicProposal? {
    guard let proposal = situation.maximise(surface, using: &random) else { return nil }
    let isSettled = proposal.value.map { $0 < settled } ?? false
    guard situation.isRestless && isSettled else {
      return StrategicProposal(proposal: proposal, isSettled: isSettled)
    }
    let bound = situation.surface(ConfidenceBound(Self.restlessCoefficient), posterior, fantasies)
    let elsewhere = situation.maximiseAlongAxes(bound, using: &random) ?? situation.maximise(bound, using: &random)
    return elsewhere.map {
      StrategicProposal(
        proposal: $0, details: ["restless_coefficient": .number(Self.restlessCoefficient)], isSettled: true)
    }
  }

  private func discounted(_ acquisition: any Acquisition, _ situation: ProposalSituation) -> any Acquisition {
    if situation.noise == .none || situation.model.record.isNoiseFree { return acquisition }
    return ResamplingDiscount(
      base: acquisition, noiseDeviation: exp(situation.model.record.hyperparameters.logNoiseVariance / 2))
  }
}
