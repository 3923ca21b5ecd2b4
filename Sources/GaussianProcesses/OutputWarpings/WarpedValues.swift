import NumericalMethods

/// Values after an output warping, and the way there and back.
///
/// Between the smallest and the largest value the map is the warping's own; beyond, it goes on straight, with the mean slope
/// between the median and that end. So it has an inverse everywhere, and no prediction becomes infinite because a warping
/// is bounded.
public struct WarpedValues: Sendable {
  /// The values, [n], of mean 0 and variance 1 unless there is no warping; all 0 where they do not differ.
  public let values: [Double]
  /// What a difference of 1 is in units of the original values, on average over the better half.
  ///
  /// Exact where the warping is linear there, which all are but `yeoJohnson` and those with a logarithm.
  public let scale: Double

  /// The original values, divided by `unit`.
  private let scaled: [Double]
  private let unit: Double
  private let steps: [any MonotoneStep]
  private let standardisation: Standardisation
  private let lower, upper: End

  /// Where the map begins to go on straight.
  private struct End {
    var value, image, slope: Double

    func apply(_ x: Double) -> Double { image + slope * (x - value) }
    func invert(_ y: Double) -> Double { value + (y - image) / slope }
  }

  /// Warps values.
  ///
  /// - Parameters:
  ///   - values: finite.
  ///   - unit: what they are divided by first, so that nothing overflows; positive.
  ///   - steps: maps in their order, made from the divided values.
  init(_ values: [Double], unit: Double, steps: [any MonotoneStep], isStandardised: Bool) {
    let scaled = values.map { $0 / unit }
    func image(_ x: Double) -> Double { steps.reduce(x) { $1.apply($0) } }
    let images = scaled.map(image)
    let standardisation = isStandardised ? Standardisation(images) : .identity
    let sorted = scaled.sorted()
    let median = sorted.isEmpty ? 0 : quantile(0.5, ofSorted: sorted)
    let (smallest, largest) = (sorted.first ?? 0, sorted.last ?? 0)
    func slope(_ a: Double, _ b: Double) -> Double {
      // The first pair that differs, and whose images do.
      for (a, b) in [(a, b), (smallest, largest)] where b > a {
        let slope = (image(b) - image(a)) / (b - a)
        if slope > 0, slope.isFinite { return slope }
      }
      return 1
    }
    lower = End(value: smallest, image: image(smallest), slope: slope(smallest, median))
    upper = End(value: largest, image: image(largest), slope: slope(median, largest))
    self.values = images.map(standardisation.apply)
    scale = unit * standardisation.deviation / lower.slope
    self.scaled = scaled
    self.unit = unit
    self.steps = steps
    self.standardisation = standardisation
  }

  /// The warped value of any value, such as a threshold.
  ///
  /// - Returns: a finite number for a finite value.
  public func warp(_ value: Double) -> Double { finite(standardisation.apply(shape(value / unit))) }

  /// The value, in the metric's units, that a warped one stands for; the inverse of `warp`.
  ///
  /// Exact up to rounding, which counts relative to the largest value. In the saturated tail of a warping, where values
  /// far beyond all others have next to the same image, rounding counts the more.
  /// - Returns: a finite number for a finite one.
  public func unwarp(_ warped: Double) -> Double {
    let image = standardisation.invert(warped)
    let value: Double
    if image < lower.image {
      value = lower.invert(image)
    } else if image > upper.image {
      value = upper.invert(image)
    } else {
      value = min(max(steps.reversed().reduce(image) { $1.invert($0) }, lower.value), upper.value)
    }
    return finite(value * unit)
  }

  /// A standard error of one of the values, in units of the warped values.
  ///
  /// By the warping's mean slope between one standard error below the value and one above: where values crowd, the slope at
  /// a single point of a warping by ranks says nothing.
  /// - Parameters:
  ///   - standardError: in units of the original values, not negative.
  ///   - index: which of the values.
  public func deviation(_ standardError: Double, at index: Int) -> Double {
    // Far beyond what any value differs by, and far from overflow.
    let error = min(standardError / unit, 1e100)
    guard !steps.isEmpty else { return error / standardisation.deviation }
    let value = scaled[index]
    // Wide enough for differences to be told from rounding.
    let reach = max(error, 1024 * value.ulp, Double.leastNormalMagnitude)
    let (below, above) = (value - reach, value + reach)
    return error * (shape(above) - shape(below)) / (above - below) / standardisation.deviation
  }

  /// The image before standardisation.
  private func shape(_ x: Double) -> Double {
    if x < lower.value { return lower.apply(x) }
    if x > upper.value { return upper.apply(x) }
    return steps.reduce(x) { $1.apply($0) }
  }

  private func finite(_ x: Double) -> Double {
    x.isNaN ? x : min(max(x, -Double.greatestFiniteMagnitude), Double.greatestFiniteMagnitude)
  }
}
