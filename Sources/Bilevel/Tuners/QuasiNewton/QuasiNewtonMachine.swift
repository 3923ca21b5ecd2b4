import NumericalMethods
import TuningModel

/// Bounded L-BFGS on hypergradients of one accuracy.
///
/// Where the oracle fails twice the step is shortened, as at a point without a value.
/// - Source: Byrd, Lu, Nocedal and Zhu 1995; see `BoundedLBFGS`.
struct QuasiNewtonMachine: OracleMachine {
  struct State: OracleState {
    var book = AskBook()
    var ending: OracleEnding?
    var descent: BoundedDescent
    var lastTrial: TrialNumber?
    var isRepeated = false

    func isSound(_ d: Int) -> Bool { descent.isSound(dimensions: d) }
  }

  let minimiser: BoundedLBFGS
  let constants: LossConstants
  let eps: Double
  var state: State

  static let options: [TunerOption] =
    [
      TunerOption("eps", .number(0...1e10), default: 1e-8, "The accuracy of every solution and gradient."),
      TunerOption("memory", .integer(1...100), default: 10, "The number of steps that the model remembers."),
      TunerOption(
        "tolerance", .number(0...1e10), default: 1e-6,
        "How large a coordinate of the gradient is where a point is stationary."),
      TunerOption(
        "value_tolerance", .number(0...1), default: 1e-12, "The relative gain of a step below which the method ends."),
      TunerOption("max_steps", .integer(1...1_000_000), default: 1_000, "The most steps."),
    ] + LossConstants.options

  init(_ study: StudyDefinition, _ theta: ThetaSpace) throws(TunerError) {
    let options = OptionReader(study: study, description: HypergradientTuner.description)
    let steps = options.integer("max_steps") ?? 1
    minimiser = BoundedLBFGS(
      bounds: theta.bounds,
      options: BoundedLBFGS.Options(
        memory: options.integer("memory") ?? 10, maximumIterations: steps, maximumEvaluations: 20 * steps,
        gradientTolerance: options.required("tolerance"), valueTolerance: options.required("value_tolerance"),
        // In a box the first step would be minus the gradient, which goes by the units of the loss: with thousands of
        // penalties it is so short that what it gains is lost in the accuracy of the answers, twenty times over.
        firstStep: 0.1))
    constants = LossConstants(options)
    eps = options.required("eps")
    state = State(descent: minimiser.descent(from: theta.start))
    ask()
  }

  func gradientError(of answer: OracleAnswer, to request: OracleRequest) -> Double? {
    constants.gradientError(of: answer, to: request)
  }

  func interval(of answer: OracleAnswer, to request: OracleRequest) -> ObjectiveInterval? {
    constants.interval(of: answer, to: request)
  }

  private mutating func ask() {
    state.book.withdrawAll()
    guard let point = state.descent.next else { return end() }
    state.book.put(
      OracleRequest(
        .hypergradient, eps: eps, delta: eps, warmFrom: state.lastTrial, needs: [.g, .gradGNorm, .z]),
      at: point, notes: ["step": .integer(state.descent.result.iterations)])
  }

  private mutating func end() {
    let result = state.descent.result
    switch result.termination {
    case .gradientTolerance: finish(.stationary, "no coordinate of the gradient is above \(result.gradientNorm)")
    case .valueTolerance:
      finish(.accuracyFloor, "a step gains no more than rounding; the gradient is \(result.gradientNorm)")
    case .noProgress: finish(.accuracyFloor, "no step along the gradient \(result.gradientNorm) gains anything")
    case .iterationLimit, .evaluationLimit: finish(.budget, "\(result.iterations) steps were taken")
    case .notFiniteAtStart: finish(.cancelled, "the gradient at the start failed twice")
    }
  }

  mutating func answered(_ ask: OracleAsk, _ answer: OracleAnswer, _ trial: TrialNumber) {
    guard let z = answer.z else { return }
    state.isRepeated = false
    state.lastTrial = trial
    state.descent.advance(value: answer.g, gradient: z)
    self.ask()
  }

  mutating func failed(_ ask: OracleAsk) {
    if state.isRepeated {
      state.descent.advance(value: .infinity, gradient: Array(repeating: 0, count: ask.point.count))
      state.isRepeated = false
    } else {
      state.isRepeated = true
    }
    self.ask()
  }

  /// Begins anew from the best point where the last gradient counts no more.
  mutating func revised(_ trial: TrialNumber) {
    guard trial == state.lastTrial else { return }
    state.ending = nil
    state.lastTrial = nil
    state.descent = minimiser.descent(from: state.descent.result.point)
    ask()
  }
}
