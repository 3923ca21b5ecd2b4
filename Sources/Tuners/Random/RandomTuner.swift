public import TuningModel

/// Independent uniform draws from the feasible part of the space, on each parameter's own scale.
///
/// - Source: Bergstra and Bengio 2012, "Random search for hyper-parameter optimization".
public struct RandomTuner: ParameterFixing {
  /// What the catalog says of it.
  public static let description = TunerDescription(
    name: "random",
    summary:
      "Independent uniform draws on each parameter's own scale. The baseline; any number of workers, any objectives.")

  /// A draw takes no time worth saving.
  public static let suggestsAhead = false
  /// A trial's point follows from its number alone.
  public static let heedsResults = false

  private let region: FeasibleRegion

  /// Creates the tuner; there is no study that it cannot serve.
  public init(for study: StudyDefinition) throws(TunerError) {
    region = FeasibleRegion(UnitCubeEncoding(study.space))
  }

  /// Learns nothing.
  public mutating func observe(_ event: TrialEvent) {}

  /// Draws one point for each number from the number's own stream.
  public func suggest(
    _ numbers: Range<TrialNumber>, fixing fixed: Parameters, seed: StudySeed
  ) throws(TunerError) -> [Suggestion] {
    let region = try region.narrowed(to: fixed)
    return numbers.map { number in
      var random = RandomStream(seed: seed, trial: number)
      let point = region.sample(using: &random)
      return Suggestion(region.decode(point), origin: SuggestionOrigin(tuner: Self.description.name))
    }
  }

  /// There is no state to keep.
  public var snapshot: JSONValue { .null }

  /// There is no state to take up.
  public mutating func restore(_ snapshot: JSONValue) throws(InvalidInput) {}
}
