/// A line search for a step that satisfies the strong Wolfe conditions.
///
/// A state machine: evaluate φ and φ′ at `step`, hand them to `advance`, and repeat until it says that the search is over.
/// Source: Moré and Thuente, "Line search algorithms with guaranteed sufficient decrease", ACM TOMS 20 (1994) 286–307.
struct MoreThuenteSearch: Codable {
  /// What `advance` makes of an evaluation.
  enum Outcome {
    /// Evaluate at `step` next.
    case evaluate

    /// The step evaluated last satisfies both conditions, or is the longest allowed with the value still falling.
    case accepted

    /// The interval has shrunk as far as it may; the lowest value seen is the best that is known.
    case exhausted
  }

  /// A step and what is known of the function there.
  struct Sample: Codable {
    var step: Double
    var value: Double
    var slope: Double
  }

  private static let sufficientDecrease = 1e-3
  private static let curvature = 0.9
  private static let relativeWidth = 0.1

  /// The step to evaluate.
  private(set) var step: Double

  /// The end of the interval of uncertainty where the function is lowest, and the other end.
  private var best: Sample
  private var other: Sample
  private let start: Sample
  private let longest: Double
  private var isBracketed = false
  private var seeksSufficientDecrease = true
  private var width: Double
  private var previousWidth: Double
  private var range: ClosedRange<Double>

  /// Begins a search at step 0.
  ///
  /// - Parameters:
  ///   - value: φ(0).
  ///   - slope: φ′(0), negative.
  ///   - step: the first step to try, in (0, longest].
  ///   - longest: the greatest step allowed.
  init(value: Double, slope: Double, step: Double, longest: Double) {
    self.start = Sample(step: 0, value: value, slope: slope)
    self.best = start
    self.other = start
    self.step = step
    self.longest = longest
    self.width = longest
    self.previousWidth = 2 * longest
    self.range = 0...5 * step
  }

  /// Whether a search that was read from somewhere can go on.
  var isSound: Bool {
    [step, longest, width, previousWidth, range.lowerBound, range.upperBound].allSatisfy(\.isFinite)
      && [best, other, start].allSatisfy { $0.step.isFinite && $0.value.isFinite && $0.slope.isFinite }
  }

  private func allowedValue(at step: Double) -> Double {
    start.value + step * Self.sufficientDecrease * start.slope
  }

  /// Takes φ(step) and φ′(step), both finite, and chooses the next step.
  mutating func advance(value: Double, slope: Double) -> Outcome {
    let trial = Sample(step: step, value: value, slope: slope)
    let slopeTest = Self.sufficientDecrease * start.slope
    let decreases = value <= allowedValue(at: step)
    if seeksSufficientDecrease && decreases && slope >= 0 { seeksSufficientDecrease = false }

    if decreases && slope.magnitude <= -Self.curvature * start.slope { return .accepted }
    if step == longest && decreases && slope <= slopeTest { return .accepted }

    if seeksSufficientDecrease && value <= best.value && !decreases {
      // φ(t) − φ(0) − μφ′(0)t has a minimiser inside where φ itself may not (section 2 of the paper).
      best = best.tilted(by: -slopeTest)
      other = other.tilted(by: -slopeTest)
      narrow(with: trial.tilted(by: -slopeTest))
      best = best.tilted(by: slopeTest)
      other = other.tilted(by: slopeTest)
    } else {
      narrow(with: trial)
    }
    return chooseRange() ? .evaluate : .exhausted
  }

  private mutating func narrow(with trial: Sample) {
    step = Self.nextStep(best: &best, other: &other, trial: trial, isBracketed: &isBracketed, range: range)
  }

  /// Says between which steps the next choice may lie, and bisects when the interval shrinks too slowly or the
  /// interpolation broke down; false when no step in the interval is worth an evaluation.
  private mutating func chooseRange() -> Bool {
    guard isBracketed else {
      if !step.isFinite { step = min(longest, range.upperBound) }
      let advance = max(0, step - best.step)
      range = step + 1.1 * advance...step + 4 * advance
      step = min(max(step, 0), longest)
      return step > best.step
    }
    let length = (other.step - best.step).magnitude
    if length >= 0.66 * previousWidth || !step.isFinite { step = best.step + 0.5 * (other.step - best.step) }
    previousWidth = width
    width = length
    range = min(best.step, other.step)...max(best.step, other.step)
    step = min(max(step, 0), longest)
    let isInside = step > range.lowerBound && step < range.upperBound
    return isInside && range.upperBound - range.lowerBound > Self.relativeWidth * range.upperBound
  }
}

extension MoreThuenteSearch.Sample {
  /// The sample of the function with `slope`·step added.
  fileprivate func tilted(by added: Double) -> Self {
    Self(step: step, value: value + step * added, slope: slope + added)
  }
}
