import NumericalMethods
import TuningModel

/// Descent along inexact gradients, with accuracies that shrink only where the descent needs it.
///
/// It alternates between the gradient at a point and a line of step lengths from there. A step is taken when what the
/// objective can be at most lies below what it was at least by a share of the step; so the true objective falls with every
/// step, though no value is exact. Where no length will do, accuracy was too low. In a box the step is projected, and
/// ‖θ⁺ − θ‖²/α stands for α‖z‖².
/// - Source: Salehi, Mukherjee, Roberts, Ehrhardt 2023, "An adaptively inexact first-order method for bilevel optimization
///   with application to hyperparameter learning", algorithms 3.1 and 3.2; Barzilai and Borwein 1988 for the first steps.
struct MAIDMachine: OracleMachine {
  let settings: MAIDSettings
  let bounds: BoxBounds
  var state: MAIDState

  init(_ study: StudyDefinition, _ theta: ThetaSpace) throws(TunerError) {
    settings = try MAIDSettings(OptionReader(study: study, description: MAIDTuner.description))
    bounds = theta.bounds
    state = MAIDState(point: theta.start, eps: settings.eps, delta: settings.eps, tries: settings.tries)
    askGradient()
  }

  func gradientError(of answer: OracleAnswer, to request: OracleRequest) -> Double? {
    // Constants too loose to be of use say nothing.
    request.kind == .value || !settings.isCertificateTested
      ? nil : settings.constants.gradientError(of: answer, to: request)
  }

  func interval(of answer: OracleAnswer, to request: OracleRequest) -> ObjectiveInterval? {
    var interval = settings.constants.interval(of: answer, to: request)
    if interval.certification == .certified, !settings.isCertificateTested { interval.certification = .monotone }
    return interval
  }

  mutating func answered(_ ask: OracleAsk, _ answer: OracleAnswer, _ trial: TrialNumber) {
    state.inner += answer.cost?.inner ?? 0
    let interval = settings.constants.interval(of: answer, to: ask.request)
    if let index = state.line.firstIndex(where: { $0.ask == ask.id }) {
      takeTry(index, answer, interval, trial)
    } else if let z = answer.z {
      takeGradient(MAIDState.Gradient(z: z, low: interval.low, omega: answer.omega), trial)
    }
  }

  mutating func failed(_ ask: OracleAsk) {
    if let index = state.line.firstIndex(where: { $0.ask == ask.id }) {
      state.line[index].excess = .infinity
      judgeLine()
    } else if !state.isRepeated {
      askGradient(isRepeated: true)
    } else if let previous = state.previous, let alpha = state.previousAlpha {
      // The way back: half the step from where the gradient was known.
      state.point = previous.point
      state.base = previous
      state.previous = nil
      state.previousAlpha = nil
      state.alpha = alpha / 2
      state.isRepeated = false
      startLine(alpha / 2)
    } else {
      finish(.cancelled, "the gradient at the start failed twice")
    }
  }

  mutating func revised(_ trial: TrialNumber) {
    guard let base = state.base, base.trial == trial || state.line.contains(where: { $0.trial == trial }) else {
      return
    }
    state.ending = nil
    state.point = base.point
    state.warmFrom = nil
    askGradient()
  }
}

// MARK: Gradients

extension MAIDMachine {
  private mutating func askGradient(isRepeated: Bool = false) {
    state.book.withdrawAll()
    state.line = []
    state.isRepeated = isRepeated
    state.book.put(
      OracleRequest(
        .hypergradient, eps: state.eps, delta: state.delta, warmFrom: state.warmFrom,
        needs: [.g, .gradGNorm, .z, .epsHat, .deltaHat]),
      at: state.point, notes: notes("gradient"))
  }

  private func notes(_ phase: String) -> [String: JSONValue] {
    ["phase": .string(phase), "step": .integer(state.steps), "eps": .number(state.eps)]
  }

  private mutating func takeGradient(_ gradient: MAIDState.Gradient, _ trial: TrialNumber) {
    let base = MAIDState.Base(
      point: state.point, z: gradient.z, stationarity: bounds.stationarity(at: state.point, gradient.z),
      low: gradient.low, omega: gradient.omega, trial: trial)
    state.base = base
    state.warmFrom = trial
    state.isRepeated = false
    let length = base.stationarity
    if let omega = base.omega, length + omega <= settings.tolerance {
      return finish(.stationary, "the gradient is \(length + omega) at most")
    }
    if state.steps >= settings.maxSteps { return finish(.budget, "\(state.steps) steps were taken") }
    if state.inner >= settings.maxInner { return finish(.budget, "\(state.inner) inner iterations were used") }
    if let omega = base.omega, omega > (1 - settings.eta) * length {
      return refine("the gradient \(length) may be wrong by \(omega)")
    }
    if settings.stop == .step, let reason = shortness(base) {
      // Coarse solutions of the linear system are short themselves, so that a short gradient of theirs tells nothing.
      let isCoarse = base.omega == nil && max(state.eps, state.delta) > max(settings.tolerance, settings.floor)
      if isCoarse, base.stationarity <= settings.tolerance { return refine(reason) }
      return finish(.stationary, reason)
    }
    startLine(firstAlpha(base))
  }

  /// Why a gradient whose error is in proportion, or not known, counts as short; `nil` where it does not.
  private func shortness(_ base: MAIDState.Base) -> String? {
    if base.stationarity <= settings.tolerance { return "the gradient's length is \(base.stationarity)" }
    guard base.omega == nil, let step = state.lastStep,
      step <= settings.tolerance * max(1, euclideanNorm(base.point))
    else { return nil }
    return "the last step's length is \(step)"
  }

  private func firstAlpha(_ base: MAIDState.Base) -> Double {
    if let previous = state.previous, settings.usesBarzilaiBorwein {
      let step = zip(base.point, previous.point).map { $0 - $1 }
      let change = zip(base.z, previous.z).map { $0 - $1 }
      let alpha = dot(step, step) / dot(step, change)
      if alpha.isNormal, alpha > 0 { return alpha }
    }
    if let alpha = state.alpha ?? settings.alpha { return alpha }
    // One unit of length, and no coordinate farther than its box is wide.
    var alpha = 1 / euclideanNorm(base.z)
    for i in base.z.indices where base.z[i] != 0 && bounds.upper[i] > bounds.lower[i] {
      alpha = min(alpha, (bounds.upper[i] - bounds.lower[i]) / base.z[i].magnitude)
    }
    return alpha.isNormal ? alpha : 1
  }

  /// Asks for the gradient again with more accuracy, or ends where there is no more.
  private mutating func refine(_ reason: String) {
    guard state.eps > settings.floor || state.delta > settings.floor else {
      return finish(.accuracyFloor, "\(reason), at the finest accuracy \(settings.floor)")
    }
    state.eps = max(settings.floor, settings.shrinkAccuracy * state.eps)
    state.delta = max(settings.floor, settings.shrinkAccuracy * state.delta)
    askGradient()
  }
}

// MARK: Lines

extension MAIDMachine {
  /// How many steps beyond the usual are tried at the finest accuracy; so many halvings leave next to nothing of a step.
  private static var mostShorterSteps: Int { 40 }

  private mutating func startLine(_ alpha: Double) {
    guard let base = state.base else { return }
    state.book.withdrawAll()
    var length = alpha
    state.line = (0..<state.tries).map { _ in
      defer { length *= settings.shrinkStep }
      return MAIDState.Try(point: bounds.stepping(from: base.point, along: base.z, length), alpha: length)
    }
    judgeLine()
  }

  /// Takes the longest step that will do, once all longer ones are known not to.
  ///
  /// Once all that were asked for are known not to, it asks for the next lengths, or for more accuracy. So the order of
  /// answers decides nothing.
  private mutating func judgeLine() {
    guard let base = state.base else { return }
    for index in state.line.indices {
      if state.line[index].excess == nil, state.line[index].ask == nil { ask(from: index, base) }
      guard let excess = state.line[index].excess else { return }
      if excess <= 0 { return accept(state.line[index], base) }
    }
    // At the finest accuracy shorter steps are all that is left to try.
    if state.eps <= settings.floor, state.delta <= settings.floor, let last = state.line.last,
      state.line.count < settings.tries + Self.mostShorterSteps
    {
      let alpha = settings.shrinkStep * last.alpha
      let point = bounds.stepping(from: base.point, along: base.z, alpha)
      state.line.append(MAIDState.Try(point: point, alpha: alpha))
      return judgeLine()
    }
    state.tries += 1
    refine("no step along the gradient \(base.stationarity) gains enough")
  }

  /// Asks for so many lengths at once as there are to be, from one on.
  private mutating func ask(from first: Int, _ base: MAIDState.Base) {
    let kind: OracleRequest.Kind = settings.fusesGradient ? .hypergradient : .value
    let request = OracleRequest(
      kind, eps: state.eps, delta: settings.fusesGradient ? state.delta : nil, warmFrom: base.trial,
      needs: settings.fusesGradient ? [.g, .gradGNorm, .z, .epsHat, .deltaHat] : [.g, .gradGNorm, .epsHat])
    for index in first..<min(first + settings.parallel, state.line.count) {
      let point = state.line[index].point
      // A step that moves nothing gains nothing.
      if point == base.point {
        state.line[index].excess = .infinity
        continue
      }
      var notes = notes("line")
      notes["alpha"] = .number(state.line[index].alpha)
      notes["try"] = .integer(index)
      state.line[index].ask = state.book.put(request, at: point, notes: notes)
    }
  }

  private mutating func takeTry(
    _ index: Int, _ answer: OracleAnswer, _ interval: ObjectiveInterval, _ trial: TrialNumber
  ) {
    guard let base = state.base else { return }
    let tried = state.line[index]
    let way = distance(tried.point, base.point)
    let excess = interval.up - base.low + settings.lambda * way * way / tried.alpha
    state.line[index].excess = excess.isNaN ? .infinity : excess
    state.line[index].trial = trial
    state.line[index].answer = answer.z.map { MAIDState.Gradient(z: $0, low: interval.low, omega: answer.omega) }
    judgeLine()
  }

  private mutating func accept(_ tried: MAIDState.Try, _ base: MAIDState.Base) {
    guard let trial = tried.trial else { return }
    state.previous = base
    state.previousAlpha = tried.alpha
    state.lastStep = distance(tried.point, base.point)
    state.point = tried.point
    state.alpha = settings.growStep * tried.alpha
    state.eps = min(1e10, settings.growAccuracy * state.eps)
    state.delta = min(1e10, settings.growAccuracy * state.delta)
    state.tries = settings.tries
    state.steps += 1
    state.warmFrom = trial
    state.base = nil
    if let gradient = tried.answer {
      state.book.withdrawAll()
      state.line = []
      takeGradient(gradient, trial)
    } else {
      askGradient()
    }
  }
}
