/// The state of one bounded L-BFGS minimisation between its iterations.
struct BoundedDescent {
  /// A point with its value and gradient.
  struct Location {
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

  private static let maximumSearchEvaluations = 20
  private static let maximumShortenings = 60

  private let bounds: BoxBounds
  private let options: BoundedLBFGS.Options
  private var hessian: CompactHessian
  private var location: Location
  private var gradientNorm: Double
  private var iterations = 0
  private var evaluations = 1
  private var isRescaled = false

  /// Why the minimisation ended, or nil while it goes on.
  private(set) var termination: MinimisationResult.Termination?

  init(at location: Location, bounds: BoxBounds, options: BoundedLBFGS.Options) {
    self.bounds = bounds
    self.options = options
    self.hessian = CompactHessian(dimensions: bounds.dimensions, capacity: options.memory)
    self.location = location
    self.gradientNorm = bounds.projectedGradientNorm(at: location.point, gradient: location.gradient)
    if !location.isFinite {
      termination = .notFiniteAtStart
    } else if gradientNorm <= options.gradientTolerance {
      termination = .gradientTolerance
    } else if options.maximumIterations == 0 {
      termination = .iterationLimit
    }
  }

  /// The state as a result.
  var result: MinimisationResult {
    MinimisationResult(
      point: location.point, value: location.value, gradientNorm: gradientNorm, iterations: iterations,
      evaluations: evaluations, termination: termination ?? .iterationLimit)
  }

  /// Takes one step, or finds that there is none to take.
  mutating func iterate<Failure: Error>(
    _ objective: ([Double], inout [Double]) throws(Failure) -> Double
  ) throws(Failure) {
    guard let target = modelMinimum() else { return forgetOrStop() }
    switch try search(towards: target, objective) {
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
      isRescaled = true
      let steepest = location.gradient.reduce(0) { max($0, $1.magnitude) }
      let size = location.point.reduce(0) { max($0, $1.magnitude) }
      hessian.reset(theta: steepest / (size > 0 ? size : 1))
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

  /// Searches for a lower point on the line to a target in the box.
  private mutating func search<Failure: Error>(
    towards target: [Double], _ objective: ([Double], inout [Double]) throws(Failure) -> Double
  ) throws(Failure) -> SearchOutcome {
    let start = location
    let direction = zip(target, start.point).map { $0 - $1 }
    let initialSlope = slope(towards: target)
    let isFirst = iterations == 0 && !isRescaled
    var longest = isFirst && bounds.bindsAnything ? 1 : longestStep(along: direction)
    let length = euclideanNorm(direction)
    let firstStep = isFirst && !bounds.bindsEverything ? min(1 / length, longest) : 1
    var line = MoreThuenteSearch(value: start.value, slope: initialSlope, step: firstStep, longest: longest)

    var lowest: Location?
    var trial = start
    var searched = 0
    var shortenings = 0
    while searched < Self.maximumSearchEvaluations && shortenings < Self.maximumShortenings {
      guard evaluations < options.maximumEvaluations else { return .evaluationLimit(lowest: lowest) }
      let step = line.step
      for i in direction.indices {
        trial.point[i] = step == 1 ? target[i] : bounds.clamped(start.point[i] + step * direction[i], i)
      }
      if trial.point == start.point { break }
      trial.value = try objective(trial.point, &trial.gradient)
      evaluations += 1
      guard trial.isFinite else {
        shortenings += 1
        longest = step / 4
        line = MoreThuenteSearch(value: start.value, slope: initialSlope, step: longest, longest: longest)
        continue
      }
      searched += 1
      if trial.value < (lowest?.value ?? start.value) { lowest = trial }
      let outcome = line.advance(value: trial.value, slope: dot(trial.gradient, direction))
      if outcome == .accepted { return .moved(trial) }
      if outcome == .exhausted { break }
    }
    return lowest.map { .moved($0) } ?? .failed
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
