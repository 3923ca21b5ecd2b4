import GaussianProcesses
import TuningModel

extension BayesianTuner {
  /// The next suggestion after the events so far.
  func next(_ number: TrialNumber, seed: StudySeed) throws(TunerError) -> Suggestion {
    if let first = firstPoint() { return first }
    if let restart = restarts.last, !restart.isOver, mayLookElsewhere(number) {
      return try restart.suggestion(number, seed: seed, in: region, besides: history)
    }
    let stagnates =
      mayLookElsewhere(number) && number.isMultiple(of: 4)
      && history.stagnates(patience: max(20, 2 * encoding.layout.count))
    // A restart takes the word of the main model, which is the sooner one to expect nothing where values crowd together.
    let warping = stagnates ? form.mainWarping : form.warping(ofTurn: turn(of: number))
    guard history.informativeCount >= initialTrials else { return try designed(number, seed: seed) }
    if let refinement = refinement(number, seed: seed) { return refinement }
    guard let data = surrogateData(warping) else { return try designed(number, seed: seed) }
    return try modelled(number, data, warping, mayRestart: stagnates, seed: seed)
  }

  /// What a surrogate is conditioned on under a warping; `nil` where there is nothing to model yet.
  func surrogateData(_ warping: OutputWarping) -> SurrogateData? {
    SurrogateData(
      history, courses, encoding: encoding, warping: warping, subset: settings.subset, noise: noise)
  }

  /// Which turn a trial is of its search: restarts have every other trial.
  private func turn(of number: TrialNumber) -> Int { outer == nil ? number : number / 2 }

  /// The centre, where that is feasible, while nothing was tried.
  private func firstPoint() -> Suggestion? {
    let centre = region.pinned(region.encoding.encode(space.centre))
    guard history.isEmpty, outer == nil, region.contains(centre) else { return nil }
    return Suggestion(region.decode(centre), origin: origin(acquisition: "centre"))
  }

  /// A point of the initial design, which goes on while there are no two different values.
  private func designed(_ number: TrialNumber, seed: StudySeed) throws(TunerError) -> Suggestion {
    var random = RandomStream(seed: seed, trial: number)
    let design = InitialDesign(region: region)
    if let proposal = design.proposal(for: number, seed: seed, tried: contains, using: &random) {
      return Suggestion(proposal.parameters, origin: origin(acquisition: proposal.source))
    }
    if let finite = FinitePoints(region) {
      let (point, sawAll) = finite.first(limit: 1_000_000) { !contains(region.decode($0)) }
      if let point { return Suggestion(region.decode(point), origin: origin(acquisition: "enumeration")) }
      if sawAll, noise == .none { throw Self.exhausted }
    }
    return Suggestion(
      region.decode(region.sample(using: &random)),
      origin: origin(acquisition: "uniform", details: ["repeated": true]))
  }

  /// A point that the acquisition proposes.
  private func modelled(
    _ number: TrialNumber, _ data: SurrogateData, _ warping: OutputWarping, mayRestart: Bool, seed: StudySeed
  ) throws(TunerError) -> Suggestion {
    var fitting = RandomStream(seed: seed, trial: number, purpose: .fitting)
    let model = try SurrogateModel(
      data, encoding: encoding, form: form, noise: noise, seed: seed, previous: fits[warping], using: &fitting)
    let pending = history.pending.suffix(Self.pendingCounted)
    let situation = ProposalSituation(
      model: model, encoding: encoding, maximiser: AcquisitionMaximiser(region: region, settings: settings.maximiser),
      avoidance: FailureAvoidance(
        failed: encoding.inputs(history.recentFailures.map(\.point)),
        succeeded: encoding.inputs(data.observedPoints)),
      pending: pending.map(\.point), noise: noise, trialCount: history.entries.count,
      settledUtility: Self.settledUtility, isRestless: mayLookElsewhere(number) && !mayRestart, tried: contains)
    var random = RandomStream(seed: seed, trial: number)
    guard let choice = try options.strategy.propose(in: situation, using: &random) else { throw Self.exhausted }
    if choice.isSettled && mayRestart {
      return try Restart(after: restarts.last, of: self).suggestion(number, seed: seed, in: region, besides: history)
    }

    var details = choice.allDetails
    if outer != nil && choice.isSettled { details[Restart.overKey] = true }
    details["fit"] = model.record.json
    details[Self.warpingKey] = .string(warping.rawValue)
    details["numerics"] = Self.numerics
    if data.points.count < data.total { details["modelled"] = .integer(data.points.count) }
    if model.process.jitter > 0 { details["jitter"] = .number(model.process.jitter) }
    return Suggestion(
      choice.proposal.parameters,
      origin: origin(
        acquisition: options.kind.rawValue, pending: choice.countsPending ? pending.map(\.number) : [],
        details: .object(details)))
  }

  /// Whether a trial may look where the model expects nothing: every other one, so that the search goes on besides.
  private func mayLookElsewhere(_ number: TrialNumber) -> Bool {
    options.isRestless && outer == nil && number.isMultiple(of: 2)
  }

  /// Whether parameters have been tried or are pending, here or in the search that this one is part of.
  func contains(_ parameters: Parameters) -> Bool {
    history.contains(parameters) || outer?.contains(parameters) ?? false
  }

  /// A log utility of about a thousandth of a standard deviation.
  private static let settledUtility = -7.0

  /// Pending trials beyond the newest of this number are not counted on; they are still never proposed again.
  static let pendingCounted = 256

  func origin(
    acquisition: String, pending: [TrialNumber] = [], details: JSONValue? = nil
  ) -> SuggestionOrigin {
    SuggestionOrigin(
      tuner: Self.description.name, acquisition: acquisition, pending: pending, details: details)
  }

  private static let exhausted = TunerError.spaceExhausted(
    "Every point of the space has been tried, and the study says that its metrics have no noise.")
}
