import NumericalMethods
public import TuningModel

/// Points of a scrambled Sobol sequence: they fill the space more evenly than random ones.
///
/// Trial k takes point k − 1 of the sequence that the study's seed scrambles; in a constrained space see
/// `FeasibleRegion.designPoint`. Where no point of the sequence is feasible, a random one is, and the origin says so.
/// - Source: Joe and Kuo 2008, "Constructing Sobol sequences with better two-dimensional projections"; Owen 1997.
public struct QuasiRandomTuner: ParameterFixing {
  /// What the catalog says of it.
  public static let description = TunerDescription(
    name: "quasi_random",
    summary: """
      Points of a scrambled Sobol sequence, which fill the space evenly. Better than random for the same number of \
      trials; any number of workers, any objectives.
      """)

  /// A draw takes no time worth saving.
  public static let suggestsAhead = false
  /// A trial's point follows from its number alone.
  public static let heedsResults = false

  private let region: FeasibleRegion

  /// Creates the tuner.
  ///
  /// - Throws: `unsupported` when the space has more dimensions than the Sobol sequence.
  public init(for study: StudyDefinition) throws(TunerError) {
    let encoding = UnitCubeEncoding(study.space)
    guard encoding.dimension <= SobolSequence.maximumDimensions else {
      throw .unsupported([
        InputMistake(
          pointer: "/parameters",
          detail: """
            Has \(encoding.dimension) dimensions; quasi_random has at most \(SobolSequence.maximumDimensions). Use random.
            """, kind: .support)
      ])
    }
    region = FeasibleRegion(encoding)
  }

  /// Learns nothing.
  public mutating func observe(_ event: TrialEvent) {}

  /// Takes the point of each number.
  public func suggest(
    _ numbers: Range<TrialNumber>, fixing fixed: Parameters, seed: StudySeed
  ) throws(TunerError) -> [Suggestion] {
    let region = try region.narrowed(to: fixed)
    let sequence = SobolSequence(dimensions: region.encoding.dimension, seed: seed)
    return numbers.map { number in
      if let point = region.designPoint(number, of: sequence.point(at:)) {
        return suggestion(region.decode(point), made: "sobol")
      }
      // A region too thin for the sequence to meet.
      var random = RandomStream(seed: seed, trial: number)
      return suggestion(region.decode(region.sample(using: &random)), made: "uniform")
    }
  }

  private func suggestion(_ parameters: Parameters, made by: String) -> Suggestion {
    Suggestion(parameters, origin: SuggestionOrigin(tuner: Self.description.name, acquisition: by))
  }

  /// There is no state to keep.
  public var snapshot: JSONValue { .null }

  /// There is no state to take up.
  public mutating func restore(_ snapshot: JSONValue) throws(InvalidInput) {}
}
