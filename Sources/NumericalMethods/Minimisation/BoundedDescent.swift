/// One bounded L-BFGS minimisation that is handed values instead of calling for them.
///
/// Evaluate the objective at `next`, hand what comes out to `advance`, and repeat until `next` is nil. So minimisations
/// that go on side by side can have their points evaluated together; each takes the path that it would take alone. It can be
/// written down between two values and goes on to the last bit as it would have.
public struct BoundedDescent: Sendable, Codable {
  /// A point with its value and gradient.
  struct Location: Codable {
    var point: [Double]
    var value: Double
    var gradient: [Double]

    var isFinite: Bool { value.isFinite && gradient.allSatisfy(\.isFinite) }
  }

  /// What a line search came to.
  private enum SearchOutcome {
    case moved(Location)
    case failed
    case evaluationLimit(lowest: Location?)
  }

  /// A line search that waits for the value at its trial point.
  private struct Search: Codable {
    let target: [Double]
    let direction: [Double]
    let slope: Double
    var line: MoreThuenteSearch
    var trial: Location
    var lowest: Location?
    var searched = 0
    var shortenings = 0

    func isSound(_ d: Int) -> Bool {
      target.count == d && direction.count == d && slope.isFinite && line.isSound && trial.point.count == d
        && trial.gradient.count == d && (lowest?.point.count ?? d) == d && (lowest?.gradient.count ?? d) == d
    }

    /// The best that is known when there is nothing left to try.
    var end: SearchOutcome { lowest.map { .moved($0) } ?? .failed }
  }

  private static let maximumSearchEvaluations = 20
  private static let maximumShortenings = 60

  /// The point whose value and gradient are wanted next, within the bounds; nil once the minimisation has ended.
  public private(set) var next: [Double]?

  private let bounds: BoxBounds
  private let options: BoundedLBFGS.Options
  private var hessian: CompactHessian
  private var location: Location
  private var gradientNorm = Double.nan
  private var iterations = 0
  private var evaluations = 0
  private var isRescaled = false
  private var search: Search?
  private var termination: MinimisationResult.Termination?

  init(from start: [Double], bounds: BoxBounds, options: BoundedLBFGS.Options) {
    precondition(start.count == bounds.dimensions, "The start must have as many coordinates as the box")
    self.bounds = bounds
    self.options = options
    hessian = CompactHessian(dimensions: bounds.dimensions, capacity: options.memory)
    location = Location(
      point: bounds.projecting(start), value: .nan, gradient: Array(repeating: .nan, count: start.count))
    if location.point.allSatisfy(\.isFinite) {
      next = location.point
    } else {
      termination = .notFiniteAtStart
    }
  }

  /// Whether a descent that was read from somewhere is one of so many variables that can go on.
  public func isSound(dimensions d: Int) -> Bool {
    bounds.isSound(d) && options.isSound && hessian.isSound(d) && location.point.count == d
      && location.gradient.count == d && (next?.count ?? d) == d && (search?.isSound(d) ?? true)
      && (next == nil) == (termination != nil)
  }

  /// The state as a result; while the minimisation goes on, the best point accepted so far.
  public var result: MinimisationResult {
    MinimisationResult(
      point: location.point, value: location.value, gradientNorm: gradientNorm, iterations: iterations,
      evaluations: evaluations, termination: termination ?? .iterationLimit)
  }

  /// Takes the value and the gradient at `next`; where either is NaN or infinite the step is shortened.
  public mutating func advance(value: Double, gradient: [Double]) {
    guard let point = next else { return }
    precondition(gradient.count == point.count, "The gradient has as many coordinates as the point")
    next = nil
    evaluations += 1
    if var current = search {
      search = nil
      current.trial.value = value
      current.trial.gradient = gradient
      let outcome = judge(&current)
      if let outcome { finish(outcome) } else { search = current }
    } else {
      begin(at: Location(point: point, value: value, gradient: gradient))
    }
    while termination == nil, search == nil { startSearch() }
    next = search?.trial.point
  }

  private mutating func begin(at start: Location) {
    location = start
    gradientNorm = bounds.projectedGradientNorm(at: start.point, gradient: start.gradient)
    if !start.isFinite {
      termination = .notFiniteAtStart
    } else if gradientNorm <= options.gradientTolerance {
      termination = .gradientTolerance
    } else if options.maximumIterations == 0 {
      termination = .iterationLimit
    } else if let share = options.firstStep {
      let crossed = start.point.indices.reduce(0) { crossed, i in
        let (x, slope) = (start.point[i], start.gradient[i])
        let (low, high) = (bounds.lower[i], bounds.upper[i])
        return (slope > 0 && x > low) || (slope < 0 && x < high)
          ? max(crossed, slope.magnitude / (high - low)) : crossed
      }
      let theta = crossed / share
      if theta.isNormal { scaleFirstStep(theta: theta) }
    }
  }

  /// Makes the first step the negative gradient divided by θ.
  private mutating func scaleFirstStep(theta: Double) {
    isRescaled = true
    hessian.reset(theta: theta)
  }

  private mutating func finish(_ outcome: SearchOutcome) {
    switch outcome {
    case .moved(let next): accept(next)
    case .failed: forgetOrStop()
    case .evaluationLimit(let lowest):
      if let lowest { moveTo(lowest) }
      termination = .evaluationLimit
    }
  }

  /// The minimiser of the quadratic model in the box, or nil when it lies in no descent direction.
  private func modelMinimum() -> [Double]? {
    let cauchyPoint: CauchyPoint
    if hessian.isEmpty || bounds.bindsAnything {
      cauchyPoint = hessian.cauchyPoint(from: location.point, gradient: location.gradient, bounds: bounds)
    } else {
      // Without bounds every start of the subspace minimisation leads to the same minimum.
      cauchyPoint = CauchyPoint(
        point: location.point, coordinates: Array(repeating: 0, count: hessian.basis.columns),
        free: Array(location.point.indices))
    }
    let target = hessian.subspaceMinimum(
      from: location.point, gradient: location.gradient, cauchyPoint: cauchyPoint, bounds: bounds)
    guard let target, target.allSatisfy(\.isFinite), slope(towards: target) < 0 else { return nil }
    return target
  }

  private func slope(towards target: [Double]) -> Double {
    target.indices.reduce(0) { $0 + location.gradient[$1] * (target[$1] - location.point[$1]) }
  }

  /// Starts again from steepest descent, or ends when that was it.
  private mutating func forgetOrStop() {
    if !hessian.isEmpty {
      hessian.reset()
    } else if iterations == 0 && !isRescaled {
      // A first step of length one may be lost in rounding, or far too long: take one in proportion to the start.
      let steepest = location.gradient.reduce(0) { max($0, $1.magnitude) }
      let size = location.point.reduce(0) { max($0, $1.magnitude) }
      scaleFirstStep(theta: steepest / (size > 0 ? size : 1))
    } else {
      termination = .noProgress
    }
  }

  private mutating func moveTo(_ next: Location) {
    location = next
    gradientNorm = bounds.projectedGradientNorm(at: next.point, gradient: next.gradient)
    iterations += 1
  }

  private mutating func accept(_ next: Location) {
    let old = location
    moveTo(next)
    let decrease = old.value - next.value
    let scale = max(old.value.magnitude, next.value.magnitude, 1)
    if gradientNorm <= options.gradientTolerance {
      termination = .gradientTolerance
    } else if decrease <= options.valueTolerance * scale {
      termination = .valueTolerance
    } else if iterations >= options.maximumIterations {
      termination = .iterationLimit
    }
    let step = zip(next.point, old.point).map { $0 - $1 }
    let gradientChange = zip(next.gradient, old.gradient).map { $0 - $1 }
    // Curvature within rounding of zero would make the approximation singular.
    let curvature = dot(step, gradientChange)
    if curvature > -Double.ulpOfOne * dot(step, old.gradient) {
      hessian.update(step: step, gradientChange: gradientChange)
    }
  }

  // MARK: Line searches

  /// Searches for a lower point on the line to the model's minimum in the box.
  private mutating func startSearch() {
    guard let target = modelMinimum() else { return forgetOrStop() }
    let direction = zip(target, location.point).map { $0 - $1 }
    let slope = slope(towards: target)
    let isFirst = iterations == 0 && !isRescaled
    let longest = isFirst && bounds.bindsAnything ? 1 : longestStep(along: direction)
    let firstStep = isFirst && !bounds.bindsEverything ? min(1 / euclideanNorm(direction), longest) : 1
    var started = Search(
      target: target, direction: direction, slope: slope,
      line: MoreThuenteSearch(value: location.value, slope: slope, step: firstStep, longest: longest),
      trial: location)
    let outcome = place(&started)
    if let outcome { finish(outcome) } else { search = started }
  }

  /// Puts the trial point at the step that the line search wants; what the search came to when none is left to try.
  private func place(_ search: inout Search) -> SearchOutcome? {
    guard search.searched < Self.maximumSearchEvaluations, search.shortenings < Self.maximumShortenings else {
      return search.end
    }
    guard evaluations < options.maximumEvaluations else { return .evaluationLimit(lowest: search.lowest) }
    let step = search.line.step
    for i in search.direction.indices {
      search.trial.point[i] =
        step == 1 ? search.target[i] : bounds.clamped(location.point[i] + step * search.direction[i], i)
    }
    return search.trial.point == location.point ? search.end : nil
  }

  /// Takes in the trial point's value; what the search came to when it is over.
  private func judge(_ search: inout Search) -> SearchOutcome? {
    guard search.trial.isFinite else {
      search.shortenings += 1
      let longest = search.line.step / 4
      search.line = MoreThuenteSearch(value: location.value, slope: search.slope, step: longest, longest: longest)
      return place(&search)
    }
    search.searched += 1
    if search.trial.value < (search.lowest?.value ?? location.value) { search.lowest = search.trial }
    switch search.line.advance(
      value: search.trial.value, slope: dot(search.trial.gradient, search.direction))
    {
    case .accepted: return .moved(search.trial)
    case .exhausted: return search.end
    case .evaluate: return place(&search)
    }
  }

  /// How far a direction can be followed before a bound is met.
  private func longestStep(along direction: [Double]) -> Double {
    var longest = 1e10
    for i in direction.indices where direction[i] != 0 {
      let bound = direction[i] > 0 ? bounds.upper[i] : bounds.lower[i]
      longest = min(longest, (bound - location.point[i]) / direction[i])
    }
    // The target is in the box; rounding alone could say otherwise.
    return max(1, longest)
  }
}
