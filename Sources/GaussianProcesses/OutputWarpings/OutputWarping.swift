/// A monotone map of measured values, which are minimised, onto values that a Gaussian process can model.
///
/// It preserves the order of values, and it is recomputed from all values whenever there are new ones.
public enum OutputWarping: String, Hashable, Sendable, CaseIterable {
  /// Nothing but standardisation.
  case standard
  /// Bad outliers are drawn in to Tukey's fence.
  case winsorised
  /// The bad half is replaced by normal scores of its ranks.
  case halfRank

  /// The warped values, standardised.
  ///
  /// - Parameter values: finite.
  public func warp(_ values: [Double]) -> WarpedValues {
    // Halves of the largest finite number still add up.
    let magnitude = values.reduce(0) { max($0, abs($1)) }
    let unit = magnitude.isNormal ? magnitude : 1
    let scaled = values.map { $0 / unit }
    let warped =
      switch self {
      case .standard: scaled
      case .winsorised: winsorisedValues(scaled)
      case .halfRank: halfRankedValues(scaled)
      }
    let standardisation = Standardisation(warped)
    return WarpedValues(
      values: warped.map(standardisation.apply), scale: unit * standardisation.deviation,
      location: unit * standardisation.mean)
  }
}

/// Values after an output warping.
public struct WarpedValues: Hashable, Sendable {
  /// The values, of mean 0 and variance 1; all 0 where they do not differ.
  public var values: [Double]
  /// What a difference of 1 is in units of the original values, in the half where the warping is linear.
  public var scale: Double
  /// What a value of 0 is in the original units, in the half where the warping is linear.
  public var location: Double
}
