import NumericalMethods
public import TuningModel

/// A bilevel problem minimised in process: a tuner that asks, and the problem's own solvers that answer.
///
/// The tuners are those that serve remote studies, and each answer is an event to them, so that both ways take the same
/// path. Nothing is stored.
public struct BilevelRun: Sendable {
  /// What one request brought.
  public struct Step: Sendable {
    /// The number of the trial.
    public var trial: TrialNumber
    /// What was asked.
    public var request: OracleRequest
    /// Where: θ, d numbers.
    public var theta: [Double]
    /// What was answered; nil where the solvers failed.
    public var answer: OracleAnswer?
    /// Why there is no answer.
    public var failure: BilevelError?
    /// Where the objective lies, by the tuner.
    public var interval: ObjectiveInterval?
    /// What this answer cost.
    public var cost: SolveCost
    /// What the run has cost so far.
    public var totalCost: SolveCost
  }

  /// The folds whose mean is minimised.
  public let folds: [BilevelProblem]
  /// The settings, defaults filled in.
  public let settings: BilevelRunSettings
  /// The name of the tuner.
  public let tunerName: String
  /// The inner solver in use.
  public let method: InnerMethod
  /// Where θ started.
  public let start: [Double]
  /// The boxes of θ.
  public let hyperparameters: [Hyperparameter]

  /// What the run has cost so far.
  public private(set) var cost = SolveCost()
  /// The number of answers.
  public private(set) var answers = 0
  /// The number of them that had a gradient.
  public private(set) var gradients = 0
  /// The number of requests that the solvers failed at.
  public private(set) var failures = 0
  /// Why the run ended; nil while it goes on.
  public private(set) var ending: OracleEnding?
  /// Whether certificates proved too loose and were given up on the way.
  public private(set) var isUncertified: Bool

  /// The points that one step of a method with perturbations has asked for.
  private struct Round: Sendable {
    var step: JSONValue?
    var sum: [Double]
    var count = 0.0

    mutating func add(_ theta: [Double]) {
      axpy(1, theta, into: &sum)
      count += 1
    }
  }

  private var study: ThetaStudy
  private var tuner: any OracleTuner
  private var oracle: BuiltInOracle
  private let inner: any InnerSolver
  private let linear: any LinearSolver
  private var next: TrialNumber = 1
  private var queue: [Suggestion] = []
  private var knowsBounds = false
  private var best: (theta: [Double], up: Double)?
  private var round: Round?
  private var last: [Double]

  /// Creates a run, which has computed nothing yet.
  ///
  /// - Throws: `refused` for settings that cannot be honoured, pairs of tuner and problem that do not fit included.
  public init(_ folds: [BilevelProblem], settings: BilevelRunSettings) throws(BilevelRunError) {
    guard let first = folds.first else { throw .problem(.invalidData("There is no fold.")) }
    self.folds = folds
    self.settings = settings
    let solvers: (method: InnerMethod, inner: any InnerSolver, linear: any LinearSolver)
    do throws(BilevelError) { solvers = try settings.method.solvers(for: first.lower) } catch { throw .problem(error) }
    (method, inner, linear) = (solvers.method, solvers.inner, solvers.linear)
    tunerName = settings.tuner ?? (method == .direct ? HypergradientTuner.description.name : "maid")
    var boxes = first.lower.hyperparameters
    if let range = settings.range {
      boxes = boxes.map {
        Hyperparameter(
          $0.name, $0.transform, range: range, start: min(max($0.start, range.lowerBound), range.upperBound))
      }
    }
    hyperparameters = boxes
    let given = settings.start ?? boxes.map(\.start)
    guard given.count == boxes.count, given.allSatisfy(\.isFinite) else {
      throw .problem(.invalidData("A start has \(boxes.count) finite numbers."))
    }
    start = zip(given, boxes).map { min(max($0, $1.range.lowerBound), $1.range.upperBound) }
    last = start
    isUncertified = settings.certify == .off
    oracle = BuiltInOracle(
      folds, inner: inner, linear: linear, isWarm: settings.warmStart == .previous,
      isSharpened: settings.certify != .off)
    (study, tuner) = try Self.makeTuner(
      tunerName, first, boxes, start, settings, certifies: settings.certify != .off, extra: [:])
    try checkFit(first)
  }

  /// Refuses pairs of tuner and problem that do not fit, by asking for nothing but the smallest of steps.
  private func checkFit(_ problem: BilevelProblem) throws(BilevelRunError) {
    let requests = type(of: tuner).description.requests
    guard requests.contains(where: { [.f2sa, .bda, .es].contains($0) }) else { return }
    do throws(BilevelError) {
      _ = try problem.innerStepLength(at: start)
    } catch {
      throw .refused([InputMistake(pointer: "/tuner/name", detail: "\(tunerName): \(error.sentence)", kind: .support)])
    }
  }

  private static func makeTuner(
    _ name: String, _ problem: BilevelProblem, _ boxes: [Hyperparameter], _ start: [Double],
    _ settings: BilevelRunSettings, certifies: Bool, extra: [String: JSONValue]
  ) throws(BilevelRunError) -> (ThetaStudy, any OracleTuner) {
    let catalog = TunerCatalog.bilevel
    guard let description = catalog.descriptions.first(where: { $0.name == name }) else {
      let names = catalog.descriptions.map(\.name).joined(separator: ", ")
      throw .refused([InputMistake(pointer: "/tuner/name", detail: "There is no tuner \(name); there are \(names).")])
    }
    var known: [String: JSONValue] = ["g_convex": .bool(problem.upper.isConvex)]
    known["L_g"] = problem.upper.greatestGradientLipschitz.map(JSONValue.number)
    if !(problem.upper is RegularisedLoss) { known["lower_bound_g"] = 0 }
    known["certify"] = certifies ? "auto" : "off"
    if certifies, settings.certify == .auto { known["floor"] = 1e-8 }
    // Proven constants are loose, so that accuracy is found in longer strides; without them a solution is worth its adjoint.
    known.merge(["shrink_accuracy": 0.25, "grow_accuracy": 1.25, "fuse_gradient": .bool(!certifies)]) { $1 }
    let taken = Set(description.options.map(\.name))
    var options = known.filter { taken.contains($0.key) }
    options.merge(extra) { $1 }
    options.merge(settings.options) { $1 }
    let study: ThetaStudy
    do throws(InvalidInput) {
      study = try ThetaStudy(boxes, start: start, tuner: name, seed: settings.seed, options: options)
    } catch {
      throw .refused(error.mistakes)
    }
    let made: any Tuner
    do throws(TunerError) {
      made = try catalog.tuner(for: study.definition)
    } catch {
      if case .unsupported(let mistakes) = error { throw .refused(mistakes) }
      throw .tuner("\(error)")
    }
    guard let tuner = made as? any OracleTuner else { throw .tuner("\(name) asks no oracles.") }
    return (study, tuner)
  }

  /// Answers one request.
  ///
  /// - Returns: what came of it; nil at the end of the run, which `ending` explains.
  public mutating func advance() throws(BilevelRunError) -> Step? {
    if ending != nil { return nil }
    if let reason = exhausted {
      ending = OracleEnding(reason: .budget, detail: reason)
      return nil
    }
    if queue.isEmpty {
      do throws(TunerError) {
        queue = try tuner.suggest(next..<(next + 1), seed: settings.seed)
      } catch {
        guard case .finished(let text) = error else { throw .tuner("\(error)") }
        let found = tuner.ending ?? OracleEnding(reason: .cancelled, detail: text)
        if try goOnUncertified(after: found) { return try advance() }
        ending = found
        return nil
      }
    }
    let suggestion = queue.removeFirst()
    guard let request = suggestion.request else { throw .tuner("A trial has no request.") }
    let (trial, theta) = (next, study.theta(suggestion.parameters))
    next += 1
    tuner.observe(TrialEvent(trial, .started(suggestion, worker: nil, attempt: 1)))
    var step = Step(trial: trial, request: request, theta: theta, cost: SolveCost(), totalCost: cost)
    do throws(BilevelError) {
      let (answer, spent) = try oracle.answer(request, at: theta, trial: trial)
      (step.answer, step.cost) = (answer, spent)
      take(&step, answer, suggestion)
    } catch {
      failures += 1
      step.failure = error
      tuner.observe(TrialEvent(trial, .failed(reason: error.sentence)))
    }
    step.totalCost = cost
    return step
  }

  private mutating func take(_ step: inout Step, _ answer: OracleAnswer, _ suggestion: Suggestion) {
    answers += 1
    cost += step.cost
    if answer.z != nil { gradients += 1 }
    if answer.omega != nil { knowsBounds = true }
    step.interval = tuner.interval(of: answer, to: step.request)
    tuner.observe(
      TrialEvent(step.trial, .completed(Measurement(["loss": step.interval?.up ?? answer.g], oracle: answer))))
    if let up = step.interval?.up, up < best?.up ?? .infinity { best = (step.theta, up) }
    if step.request.kind == .es {
      // Particles come in opposite pairs, so that their mean is the centre.
      let number = suggestion.origin.details?["step"]
      if round?.step != number { round = Round(step: number, sum: step.theta.map { _ in 0 }) }
      round?.add(step.theta)
    } else {
      last = step.theta
    }
  }

  /// Where certificates are too loose for the descent, takes it up again without them.
  private mutating func goOnUncertified(after found: OracleEnding) throws(BilevelRunError) -> Bool {
    guard settings.certify == .auto, tunerName == MAIDTuner.description.name, !isUncertified, knowsBounds,
      found.reason == .accuracyFloor
    else { return false }
    isUncertified = true
    let begin = best?.theta ?? last
    (study, tuner) = try Self.makeTuner(
      tunerName, folds[0], hyperparameters, begin, settings, certifies: false, extra: ["eps": 1e-2])
    return true
  }

  private var exhausted: String? {
    if let most = settings.maximumInnerSteps, cost.gradients >= most { return "\(cost.gradients) inner steps" }
    if let most = settings.maximumHessianProducts, cost.hessianProducts >= most {
      return "\(cost.hessianProducts) Hessian-vector products"
    }
    if answers + failures >= settings.maximumAnswers { return "\(answers + failures) answers" }
    return nil
  }

  /// The best θ so far: of methods without intervals the last, or the centre of the last perturbations.
  public var theta: [Double] {
    if let best { return best.theta }
    if let round, round.count > 0 { return round.sum.map { $0 / round.count } }
    return last
  }

  /// Answers requests until the end.
  ///
  /// - Parameter progress: hears of each answer; what it returns decides whether the run goes on.
  public mutating func finish(_ progress: (Step, BilevelRun) -> Bool = { _, _ in true }) throws(BilevelRunError) {
    while let step = try advance() {
      guard progress(step, self) else {
        ending = OracleEnding(reason: .cancelled, detail: "the run was told to stop")
        return
      }
    }
  }

  /// Where the objective lies at θ, by solutions that start anew and are as exact as may be.
  ///
  /// - Returns: the interval of f, the solutions of the folds, and what they cost.
  public func certified(
    at theta: [Double], accuracy: Double = 1e-9
  ) throws(BilevelRunError) -> (interval: ObjectiveInterval, answer: OracleAnswer, cost: SolveCost) {
    var oracle = BuiltInOracle(
      folds, inner: inner, linear: linear, isWarm: false, isSharpened: settings.certify != .off)
    let request = OracleRequest(
      .hypergradient, eps: accuracy, delta: accuracy, needs: [.g, .gradGNorm, .z, .epsHat, .deltaHat])
    do throws(BilevelError) {
      var answer: OracleAnswer
      let cost: SolveCost
      (answer, cost) = try oracle.answer(request, at: theta, trial: 1)
      // A bound that was left aside certifies nothing.
      if isUncertified { answer.omega = nil }
      return (LossConstants(upperLevel: folds[0].upper).interval(of: answer, to: request), answer, cost)
    } catch {
      throw .problem(error)
    }
  }

  /// A model trained anew at θ.
  ///
  /// - Parameter problem: the lower level, which may be of other rows than the folds.
  public func refitted(
    _ problem: any LowerLevelProblem, at theta: [Double], accuracy: Double = 1e-9
  ) throws(BilevelRunError) -> InnerSolution {
    do throws(BilevelError) {
      return try inner.solve(problem, theta: theta, accuracy: accuracy, from: nil)
    } catch {
      throw .problem(error)
    }
  }
}
