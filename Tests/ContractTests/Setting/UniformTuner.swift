import TuningModel

/// Draws every trial uniformly from the feasible region, so that tests have trials to hand out, and predicts the mean of
/// what was told.
struct UniformTuner: Tuner {
  static let description = TunerDescription(
    name: "uniform", summary: "Draws every trial independently.",
    options: [
      TunerOption("mode", .choice(["plain", "fancy"]), default: "plain", "How it is done."),
      TunerOption("share", .number(0...1), default: 0.5, "How much of it."),
      TunerOption("rounds", .integer(1...100), default: 10, "How often."),
      TunerOption("unbounded", .number(0...(.infinity)), default: 1, "How far."),
      TunerOption("eager", .flag, default: false, "How soon."),
    ])

  private let region: FeasibleRegion
  private var told: [Double] = []

  init(for study: StudyDefinition) throws(TunerError) { region = FeasibleRegion(UnitCubeEncoding(study.space)) }

  mutating func observe(_ event: TrialEvent) {
    if case .completed(let measurement) = event.kind { told.append(measurement.metrics["loss"] ?? 0) }
  }

  func predict(_ points: [Parameters], seed: StudySeed) throws(TunerError) -> Predictions? {
    if told.isEmpty { throw .noModelYet("A mean needs a result.") }
    let mean = told.reduce(0, +) / Double(told.count)
    return Predictions(
      points.map { _ in Prediction(mean: mean, standardDeviation: 0.5) }, observations: told.count)
  }

  func suggest(_ numbers: Range<TrialNumber>, seed: StudySeed) throws(TunerError) -> [Suggestion] {
    numbers.map { number in
      var random = RandomStream(seed: seed, trial: number)
      let parameters = region.encoding.decode(region.sample(using: &random))
      return Suggestion(parameters, origin: SuggestionOrigin(tuner: Self.description.name))
    }
  }

  var snapshot: JSONValue { .array(told.map(JSONValue.number)) }
  mutating func restore(_ snapshot: JSONValue) throws(InvalidInput) {
    told = try JSONReader.read(snapshot) { $0.array()?.compactMap { $0.number() } }
  }
}
