import Foundation
import GaussianProcesses
import TuningModel

extension BayesianTuner {
  /// The next suggestion after the events so far.
  func next(_ number: TrialNumber, seed: StudySeed) throws(TunerError) -> Suggestion {
    if let first = firstPoint() { return first }
    guard history.informativeCount >= initialTrials,
      let data = SurrogateData(
        history, encoding: encoding, warping: settings.warping, subset: settings.subset)
    else { return try designed(number, seed: seed) }
    return try modelled(number, data, seed: seed)
  }

  /// The centre, where that is feasible, while nothing was tried.
  private func firstPoint() -> Suggestion? {
    let centre = space.centre
    guard history.entries.isEmpty, space.satisfiesConstraints(centre) else { return nil }
    return Suggestion(centre, origin: origin(acquisition: "centre"))
  }

  /// A point of the initial design, which goes on while there are no two different values.
  private func designed(_ number: TrialNumber, seed: StudySeed) throws(TunerError) -> Suggestion {
    var random = RandomStream(seed: seed, trial: number)
    let design = InitialDesign(region: region)
    if let proposal = design.proposal(for: number, seed: seed, tried: history.contains, using: &random) {
      return Suggestion(proposal.parameters, origin: origin(acquisition: proposal.source))
    }
    if let finite = FinitePoints(region) {
      let (point, sawAll) = finite.first(limit: 1_000_000) { !history.contains(region.encoding.decode($0)) }
      if let point { return Suggestion(region.encoding.decode(point), origin: origin(acquisition: "enumeration")) }
      if sawAll, noise == .none { throw Self.exhausted }
    }
    return Suggestion(
      region.encoding.decode(region.sample(using: &random)),
      origin: origin(acquisition: "uniform", details: ["repeated": true]))
  }

  /// The point of the highest acquisition.
  private func modelled(
    _ number: TrialNumber, _ data: SurrogateData, seed: StudySeed
  ) throws(TunerError) -> Suggestion {
    var fitting = RandomStream(seed: seed, trial: number, purpose: .fitting)
    let model = try SurrogateModel(data, encoding: encoding, noise: noise, previous: fit, using: &fitting)
    let pending = history.pending.suffix(Self.pendingCounted)
    let posterior: Posterior
    do throws(GaussianProcessError) {
      posterior = try Posterior(model.process, pending: encoding.inputs(pending.map(\.point)))
    } catch {
      throw .failed("The surrogate could not be conditioned on \(pending.count) pending trials: \(error).")
    }
    var random = RandomStream(seed: seed, trial: number)
    let surface = AcquisitionSurface(
      encoding: encoding, posterior: posterior, acquisition: discounted(acquisition, model),
      fantasies: Fantasies(posterior, incumbent: model.incumbent, using: &random),
      avoidance: FailureAvoidance(
        failed: encoding.inputs(history.recentFailures.map(\.point)),
        succeeded: encoding.inputs(zip(data.points, data.isObserved).filter(\.1).map(\.0))))
    let maximiser = AcquisitionMaximiser(region: region, settings: settings.maximiser)
    guard
      let proposal = maximiser.maximise(
        surface, observed: model.bestPoints, mayRepeat: noise != .none, tried: history.contains, using: &random)
    else { throw Self.exhausted }

    var details: [String: JSONValue] = ["fit": model.record.json, "source": .string(proposal.source.rawValue)]
    if let value = proposal.value, value.isFinite { details["log_acquisition"] = .number(value) }
    if data.points.count < data.total { details["modelled"] = .integer(data.points.count) }
    if model.process.jitter > 0 { details["jitter"] = .number(model.process.jitter) }
    if proposal.source == .repetition { details["repeated"] = true }
    return Suggestion(
      proposal.parameters,
      origin: origin(
        acquisition: acquisition.name, pending: pending.map(\.number), details: .object(details)))
  }

  /// The acquisition as it counts under the study's noise.
  private func discounted(_ acquisition: any Acquisition, _ model: SurrogateModel) -> any Acquisition {
    if noise == .none || model.record.isNoiseFree { return acquisition }
    return ResamplingDiscount(
      base: acquisition, noiseDeviation: exp(model.record.hyperparameters.logNoiseVariance / 2))
  }

  /// Pending trials beyond the newest of this number are not conditioned on; they are still never proposed again.
  private static let pendingCounted = 256

  private func origin(
    acquisition: String, pending: [TrialNumber] = [], details: JSONValue? = nil
  ) -> SuggestionOrigin {
    SuggestionOrigin(
      tuner: Self.description.name, acquisition: acquisition, pending: pending, details: details)
  }

  private static let exhausted = TunerError.spaceExhausted(
    "Every point of the space has been tried, and the study says that its metrics have no noise.")
}
