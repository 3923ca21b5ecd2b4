/// An increasing map of measured values, which are minimised, onto values that a Gaussian process can model.
///
/// It preserves the order of values, and it is recomputed from all values whenever there are new ones. The raw values
/// are the names in options.
public enum OutputWarping: String, Hashable, Sendable, CaseIterable {
  /// Values are taken as they are.
  ///
  /// They are neither shifted nor scaled (but divided by a number where they are larger than 1e100), so the priors of
  /// signal and noise, made for values of variance 1, are in the metric's own units. For metrics that are on that scale
  /// by design; elsewhere `standard` is meant.
  case none
  /// Nothing but standardisation.
  case standard
  /// Bad outliers are drawn in to Tukey's fence.
  case winsorised
  /// The bad half is replaced by normal scores of its ranks.
  case halfRank = "half_rank"
  /// A power that makes the values look normal, by maximum likelihood.
  case yeoJohnson = "yeo_johnson"
  /// Differences between bad values are shrunk, by up to a third, with a logarithm of the distance from the best.
  case log
  /// `halfRank` and then `log`.
  case halfRankLog = "half_rank_log"

  /// The warped values, standardised unless there is no warping.
  ///
  /// - Parameter values: finite.
  /// - Complexity: O(n log n).
  public func warp(_ values: [Double]) -> WarpedValues {
    // Halves of the largest finite number still add up.
    let magnitude = values.reduce(0) { max($0, abs($1)) }
    guard self != .none else {
      return WarpedValues(values, unit: magnitude > 1e100 ? magnitude / 1e100 : 1, steps: [], isStandardised: false)
    }
    let unit = magnitude.isNormal ? magnitude : 1
    var steps: [any MonotoneStep] = []
    var current = values.map { $0 / unit }
    func add(_ step: (any MonotoneStep)?) {
      guard let step else { return }
      steps.append(step)
      current = current.map(step.apply)
    }
    switch self {
    case .none, .standard: break
    case .winsorised: add(Winsorisation(current))
    case .halfRank: add(HalfRank(current))
    case .yeoJohnson: add(YeoJohnson(current))
    case .log: add(LogarithmOfDistance(current))
    case .halfRankLog:
      add(HalfRank(current))
      add(LogarithmOfDistance(current))
    }
    return WarpedValues(values, unit: unit, steps: steps, isStandardised: true)
  }
}

/// One step of an output warping: an increasing map, made from values of magnitude 1 or less.
protocol MonotoneStep: Sendable {
  /// The image of a value between the smallest and the largest that the step was made from.
  func apply(_ value: Double) -> Double
  /// The value with this image.
  func invert(_ image: Double) -> Double
}
