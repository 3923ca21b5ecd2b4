import Foundation
import GaussianProcesses
import TuningModel

extension BayesianTuner {
  /// Values from which on trials refine.
  private static let refiningFrom = 50
  /// Below this log utility, in units of the neighbourhood's own values, there is nothing left to refine.
  private static let refinedUtility = -15.0
  /// Where noise makes more than a tenth of the variance, of all values or of the near ones, nothing is refined.
  private static let refinedLogNoise = log(0.1)

  /// A point near the incumbent that a model of its neighbourhood alone proposes, where it is a trial's turn to refine.
  ///
  /// A stationary model has the same lengthscales everywhere, and so is slow where the best values lie in a cusp or a narrow
  /// valley. Every fourth trial goes by the nearest observations alone, unless noise hides the differences.
  /// - Returns: `nil` where it is another's turn, or nothing is to be gained; never an error, as the whole model can go on.
  /// - Complexity: a fit to 3d + 4 observations from several starts, and a sort of all.
  func refinement(_ number: TrialNumber, seed: StudySeed) -> Suggestion? {
    guard options.isRefining, outer == nil, number % 4 == 1, history.valued.count >= Self.refiningFrom,
      let fit = fits[form.mainWarping], fit.hyperparameters.logNoiseVariance <= Self.refinedLogNoise,
      let data = surrogateData(.none),
      let neighbourhood = Neighbourhood(
        data, of: encoding, in: region, lengthscales: encoding.lengthscales(fit.hyperparameters))
    else { return nil }
    let local = neighbourhood.encoding
    var fitting = RandomStream(seed: seed, trial: number, purpose: .fitting)
    guard
      let model = try? SurrogateModel(
        neighbourhood.data, encoding: local, form: form, noise: noise, seed: seed, previous: nil, using: &fitting),
      model.record.hyperparameters.logNoiseVariance <= Self.refinedLogNoise
    else { return nil }
    let pending = history.pending.filter { neighbourhood.contains($0.point) }.suffix(Self.pendingCounted)
    let situation = ProposalSituation(
      model: model, encoding: local,
      maximiser: AcquisitionMaximiser(region: FeasibleRegion(local.encoding), settings: settings.maximiser),
      avoidance: FailureAvoidance(
        failed: local.inputs(
          history.recentFailures.map(\.point).filter(neighbourhood.contains).map(neighbourhood.coordinates)),
        succeeded: local.inputs(neighbourhood.data.observedPoints)),
      pending: pending.map { neighbourhood.coordinates($0.point) }, noise: noise, trialCount: history.entries.count,
      settledUtility: Self.refinedUtility, isRestless: false,
      tried: { parameters in
        let point = neighbourhood.point(at: parameters)
        return !region.contains(point) || contains(region.decode(point))
      })
    var random = RandomStream(seed: seed, trial: number)
    guard let choice = try? options.strategy.propose(in: situation, using: &random), !choice.isSettled,
      ![.sample, .repetition].contains(choice.proposal.source)
    else { return nil }
    var details = choice.allDetails
    details["neighbours"] = .integer(neighbourhood.data.points.count)
    details["neighbourhood_fit"] = model.record.json
    details["numerics"] = Self.numerics
    return Suggestion(
      region.decode(neighbourhood.point(at: choice.proposal.parameters)),
      origin: origin(
        acquisition: options.kind.rawValue, pending: choice.countsPending ? pending.map(\.number) : [],
        details: .object(details)))
  }
}
