import GaussianProcesses
public import TuningModel

/// Bayesian optimisation with a Gaussian process.
///
/// The first point is the centre of the space (unless the user's default point was tried before), then scrambled Sobol
/// points follow. From `initial_trials` on a Gaussian process over the whole space, conditional
/// branches included, is fitted to what was measured, and the acquisition that the user chose proposes a point. Unfinished
/// trials are counted on, so that those proposed together differ. Whatever made a point stands in its origin.
public struct BayesianTuner: ParameterFixing {
  /// Coordinates beyond which the model's cost and the number of trials it needs make another tuner the better choice.
  static let maximumDimension = 500

  /// Trials before the model decides.
  ///
  /// Its prior is sound enough for few: from 2 to 20 numeric dimensions 5 did better than twice the number of dimensions.
  /// Where choices are to be made, a search that has seen few of them settles on one too early: twice the number of
  /// dimensions, from 5 to 16.
  static func standardInitialTrials(_ encoding: SurrogateEncoding) -> Int {
    encoding.layout.categoricalDimensions.isEmpty ? 5 : min(max(2 * encoding.layout.count, 5), 16)
  }

  let objective: Objective
  let noise: Noise
  let space: SearchSpace
  /// Where points come from; a part of the space while some values are fixed.
  var region: FeasibleRegion
  let encoding: SurrogateEncoding
  let options: AcquisitionOptions
  let form: SurrogateForm
  private(set) var initialTrials: Int
  let settings: Settings
  var history = TrialHistory()
  var courses = TrialCourses()
  /// The last fit under each warping.
  var fits: [OutputWarping: FitRecord] = [:]
  /// The newest restart, where there was one; a list because a value cannot hold its own kind otherwise.
  var restarts: [Restart] = []
  /// The trials of the search that this one is a restart of, while it makes a suggestion.
  var outer: TrialHistory?

  /// What tests and measurements change.
  package struct Settings: Hashable, Sendable {
    /// How the acquisition is maximised.
    package var maximiser = AcquisitionMaximiser.Settings()
    /// Which observations are taken when there are too many.
    package var subset = ObservationSubset()

    /// Creates the settings in use unless told otherwise.
    package init() {}
  }

  /// Where the warping stands in a suggestion's origin.
  static let warpingKey = "output_warping"

  /// Creates the tuner of a study before its first event.
  public init(for study: StudyDefinition) throws(TunerError) { try self.init(for: study, settings: Settings()) }

  /// Creates a tuner that is set otherwise than users can.
  package init(for study: StudyDefinition, settings: Settings) throws(TunerError) {
    let encoding = SurrogateEncoding(UnitCubeEncoding(study.space))
    var mistakes: [InputMistake] = []
    func refuse(_ pointer: String, _ detail: String) {
      mistakes.append(InputMistake(pointer: pointer, detail: detail, kind: .support))
    }
    if study.objectives.count > 1 { refuse("/objectives/1", "The tuner bayesian serves one objective.") }
    if !study.outcomeConstraints.isEmpty {
      refuse("/outcome_constraints", "The tuner bayesian does not take outcome constraints.")
    }
    if encoding.encoding.dimension > Self.maximumDimension {
      refuse(
        "/parameters",
        "The space has \(encoding.encoding.dimension) coordinates; the tuner bayesian takes up to \(Self.maximumDimension)."
      )
    }
    form = SurrogateForm(study, Self.description)
    options = AcquisitionOptions(study, Self.description) { refuse($0, $1) }
    guard let objective = study.objectives.first, mistakes.isEmpty else { throw .unsupported(mistakes) }
    self.objective = objective
    noise = study.noise
    space = study.space
    self.encoding = encoding
    region = FeasibleRegion(encoding.encoding)
    self.settings = settings
    if case .number(let number)? = Self.description.value(of: "initial_trials", in: study),
      let count = Int(exactly: number)
    {
      initialTrials = count
    } else {
      let share = study.budget.maxTrials.map { max($0 / 4, 3) } ?? .max
      initialTrials = min(Self.standardInitialTrials(encoding), share)
    }
  }

  /// The same tuner before its first event, with no more of an initial design than it needs.
  var emptied: BayesianTuner {
    var fresh = self
    fresh.initialTrials = min(initialTrials, Self.standardInitialTrials(encoding))
    fresh.history = TrialHistory()
    fresh.courses = TrialCourses()
    fresh.fits = [:]
    fresh.restarts = []
    return fresh
  }

  /// Takes in an event.
  public mutating func observe(_ event: TrialEvent) {
    switch event.kind {
    case .enqueued(let suggestion):
      history.start(event.trial, suggestion.parameters, at: encoding.encoding.encode(suggestion.parameters))
    case .started(let suggestion, _, let attempt):
      history.start(event.trial, suggestion.parameters, at: encoding.encoding.encode(suggestion.parameters))
      // A trial that starts again brings the fit that chose it once, which others have followed since.
      if attempt == 1, Restart.index(suggestion) == nil,
        let record = FitRecord(details: suggestion.origin.details, dimension: encoding.layout.count)
      {
        fits[warping(of: suggestion)] = record
      }
    case .completed(let measurement): history.finish(event.trial, outcome(of: measurement))
    case .reported(let report): note(report.measurement, of: event.trial)
    case .pruned(_, let measurement):
      if let measurement { note(measurement, of: event.trial) }
      history.finish(event.trial, .pruned)
    case .infeasible: history.finish(event.trial, .infeasible)
    case .failed: history.finish(event.trial, .failed)
    case .requeued: history.finish(event.trial, .pending)
    case .corrected(let correction):
      courses.reopen(event.trial)
      if correction.state == .pruned, let measurement = correction.measurement { note(measurement, of: event.trial) }
      history.finish(event.trial, outcome(of: correction))
      // They rest on what was wrong.
      fits = [:]
    case .excluded:
      courses.reopen(event.trial)
      history.finish(event.trial, .excluded)
      fits = [:]
    }
    switch event.kind {
    case .completed, .pruned: courses.end(event.trial, keeping: true)
    case .corrected(let correction):
      courses.end(event.trial, keeping: [.completed, .pruned].contains(correction.state))
    case .infeasible, .failed, .excluded: courses.end(event.trial, keeping: false)
    case .enqueued, .started, .reported, .requeued: break
    }
    Restart.observe(event, in: &restarts, of: self)
  }

  /// The warping under which a suggestion was chosen; the main one where it does not say.
  private func warping(of suggestion: Suggestion) -> OutputWarping {
    guard case .string(let name)? = suggestion.origin.details?[Self.warpingKey] else { return form.mainWarping }
    return OutputWarping(rawValue: name) ?? form.mainWarping
  }

  private func outcome(of correction: TrialCorrection) -> TrialHistory.Outcome {
    switch (correction.state, correction.measurement) {
    case (.completed, let measurement?): outcome(of: measurement)
    case (.pruned, _): .pruned
    case (.infeasible, _): .infeasible
    default: .failed
    }
  }

  /// Notes what a trial measured on its way; without a step it cannot be compared with others.
  private mutating func note(_ measurement: Measurement, of trial: TrialNumber) {
    guard let step = measurement.step, let value = measurement.metrics[objective.metric] else { return }
    courses.add(.init(step: step, cost: value.isFinite ? objective.cost(of: value) : .infinity), to: trial)
  }

  private func outcome(of measurement: Measurement) -> TrialHistory.Outcome {
    guard let value = measurement.metrics[objective.metric], !value.isNaN else { return .failed }
    guard value.isFinite else { return .infeasible }
    return .value(objective.cost(of: value), standardError: measurement.standardErrors[objective.metric])
  }

  /// Proposes parameters for trial numbers; each later one counts the earlier ones as pending.
  public func suggest(
    _ numbers: Range<TrialNumber>, fixing fixed: Parameters, seed: StudySeed
  ) throws(TunerError) -> [Suggestion] {
    var state = self
    state.region = try region.narrowed(to: fixed)
    var suggestions: [Suggestion] = []
    for number in numbers {
      let suggestion = try state.next(number, seed: seed)
      suggestions.append(suggestion)
      if number == numbers.upperBound - 1 { break }
      // The same as if it had been handed out and asked again: a batch equals single asks.
      state.observe(TrialEvent(number, .started(suggestion, worker: nil, attempt: 1)))
    }
    return suggestions
  }
}
