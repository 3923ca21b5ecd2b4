/// A tuner that can propose points some of whose values whoever asks has chosen.
public protocol ParameterFixing: Tuner {
  /// Proposes parameters for trial numbers as `suggest(_:seed:)` does, each with the values that are given.
  ///
  /// - Parameters:
  ///   - numbers: those of the trials to propose parameters for.
  ///   - fixed: values that `FeasibleRegion.fixing` accepts; where empty, the tuner is free.
  ///   - seed: the study's, of which every trial number has a random stream.
  /// - Throws: `spaceExhausted` when there is nothing left to propose that has them.
  func suggest(
    _ numbers: Range<TrialNumber>, fixing fixed: Parameters, seed: StudySeed
  ) throws(TunerError) -> [Suggestion]
}

extension ParameterFixing {
  /// Proposes with all values free.
  public func suggest(_ numbers: Range<TrialNumber>, seed: StudySeed) throws(TunerError) -> [Suggestion] {
    try suggest(numbers, fixing: [:], seed: seed)
  }
}

extension FeasibleRegion {
  /// The part of the region that has values which were checked before.
  ///
  /// - Throws: `TunerError.failed` where they were not.
  public func narrowed(to fixed: Parameters) throws(TunerError) -> FeasibleRegion {
    do throws(InvalidInput) {
      return try fixing(fixed)
    } catch {
      throw .failed("The fixed values are not of the space: \(error)")
    }
  }
}
