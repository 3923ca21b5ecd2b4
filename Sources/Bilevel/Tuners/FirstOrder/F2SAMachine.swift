import Foundation
import NumericalMethods
import TuningModel

/// Descent with first derivatives alone, along the gradient of a penalty whose multiplier grows.
///
/// The multiplier is λ₀ + Δλ·k^{1/p}, with step lengths α ∝ k^{−(p−2)/p} and γ ∝ k^{−(p−3)/p}; p is 7 where both levels are
/// noisy, 5 where only the outer one is, 3 where neither is. With momentum, which corrects the last direction by the
/// difference of two on the same samples, p is 5, 4 and 3. An oracle that lost its copies starts the multiplier anew.
/// - Source: Kwon, Kwon, Wright, Nowak 2023, "A fully first-order method for stochastic bilevel optimization"; exponents
///   other than those of 1/7 from the rates that it states, as ε^{−p/2} steps.
struct F2SAMachine: OracleMachine {
  struct State: OracleState {
    var book = AskBook()
    var ending: OracleEnding?
    var descent: FirstOrderDescent
    /// The steps since the multiplier last started anew.
    var grown = 0
    /// The direction that the last step took, with momentum.
    var direction: [Double]?
    var lastTrial: TrialNumber?

    func isSound(_ d: Int) -> Bool { descent.isSound(d) && (direction?.count ?? d) == d }
  }

  /// Which levels are noisy.
  enum Noise: String, Sendable { case both, upper, none }

  let bounds: BoxBounds
  let lambda, growth, alpha, gamma, ratio: Double
  let power: Double
  let momentum: Double?
  let innerSteps, maxSteps: Int
  var state: State

  static let options: [TunerOption] = [
    TunerOption("lambda", .number(1e-9...1e9), default: 1, "The multiplier of the inner loss to begin with."),
    TunerOption("growth", .number(0...1e9), default: 0.1, "How much it grows: by this times k^(1/p) until step k."),
    TunerOption("alpha", .number(1e-12...1e6), default: 0.01, "The first step length of y, and of theta by ratio."),
    TunerOption("gamma", .number(1e-12...1e6), default: 0.01, "The first step length of z."),
    TunerOption("ratio", .number(1e-9...1e9), default: 1, "The step length of theta, in units of alpha."),
    TunerOption("inner_steps", .integer(1...1_000_000), default: 10, "The steps of y and z for one of theta."),
    TunerOption(
      "noise", .choice(["both", "upper", "none"]), default: "both",
      "Which losses are noisy; it decides how lengths shrink and the multiplier grows: p = 7, 5, 3."),
    TunerOption(
      "momentum", .number(0...0.999), default: .null,
      "The weight of the last direction; answers then need z_before, and p = 5, 4, 3. None where left out."),
    TunerOption("max_steps", .integer(1...1_000_000_000), default: 1_000, "The most steps of theta."),
  ]

  init(_ study: StudyDefinition, _ theta: ThetaSpace) throws(TunerError) {
    let options = OptionReader(study: study, description: F2SATuner.description)
    bounds = theta.bounds
    lambda = options.required("lambda")
    growth = options.required("growth")
    alpha = options.required("alpha")
    gamma = options.required("gamma")
    ratio = options.required("ratio")
    momentum = options.number("momentum")
    power =
      switch options.choice("noise", Noise.both) {
      case .both: momentum == nil ? 7 : 5
      case .upper: momentum == nil ? 5 : 4
      case .none: 3
      }
    innerSteps = options.integer("inner_steps") ?? 1
    maxSteps = options.integer("max_steps") ?? 1
    state = State(descent: FirstOrderDescent(at: theta.start))
    ask()
  }

  /// The multiplier and the step lengths of a step, counted from 0.
  private var penaltySteps: PenaltySteps {
    let k = Double(state.descent.steps + 1)
    return PenaltySteps(
      lambda: lambda + growth * pow(Double(state.grown), 1 / power), alpha: alpha * pow(k, (2 - power) / power),
      gamma: gamma * pow(k, (3 - power) / power), steps: innerSteps)
  }

  private mutating func ask() {
    state.book.withdrawAll()
    let needsBefore = momentum != nil && state.direction != nil
    state.book.put(
      OracleRequest(
        .f2sa, warmFrom: state.lastTrial, needs: needsBefore ? [.g, .z, .zBefore] : [.g, .z],
        penaltySteps: penaltySteps),
      at: state.descent.point, notes: ["step": .integer(state.descent.steps)])
  }

  mutating func answered(_ ask: OracleAsk, _ answer: OracleAnswer, _ trial: TrialNumber) {
    guard var direction = answer.z, let steps = ask.request.penaltySteps else { return }
    if let momentum {
      if let last = state.direction, let before = answer.zBefore, !answer.reset {
        direction = direction.indices.map { direction[$0] + momentum * (last[$0] - before[$0]) }
      }
      // What overflowed is forgotten.
      state.direction = direction.allSatisfy(\.isFinite) ? direction : answer.z
      direction = state.direction ?? direction
    }
    state.grown = answer.reset ? 0 : state.grown + 1
    state.lastTrial = trial
    state.descent.move(
      to: bounds.stepping(from: state.descent.point, along: direction, ratio * steps.alpha))
    if state.descent.steps >= maxSteps { return finish(.budget, "\(maxSteps) steps were taken") }
    self.ask()
  }

  mutating func failed(_ ask: OracleAsk) {
    if state.descent.fail() { self.ask() } else { finish(.cancelled, "the oracle failed again and again") }
  }
}
