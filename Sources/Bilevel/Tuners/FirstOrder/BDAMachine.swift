import NumericalMethods
import TuningModel

/// Descent along gradients through unrolled inner steps that mix both losses, by Adam.
///
/// - Source: Liu, Mu, Yuan, Zeng, Zhang 2020, "A generic first-order algorithmic framework for bi-level programming beyond
///   lower-level singleton".
struct BDAMachine: OracleMachine {
  struct State: OracleState {
    var book = AskBook()
    var ending: OracleEnding?
    var descent: FirstOrderDescent
    var adam: Adam
    var lastTrial: TrialNumber?

    func isSound(_ d: Int) -> Bool { descent.isSound(d) && adam.isSound(d) }
  }

  let bounds: BoxBounds
  let mixedSteps: MixedSteps
  let rate: Double
  let maxSteps: Int
  var state: State

  static let options: [TunerOption] = [
    TunerOption("inner_steps", .integer(1...1_000_000), default: 20, "The unrolled steps."),
    TunerOption("mixing", .number(0...1), default: 0.4, "The weight of the outer loss in an inner step."),
    TunerOption("decay", .number(0...1), default: 0.9, "The factor of that loss from one inner step to the next."),
    TunerOption("rate", .number(1e-9...1e3), default: 0.01, "The length of a step of theta."),
    TunerOption("max_steps", .integer(1...1_000_000_000), default: 1_000, "The most steps of theta."),
  ]

  init(_ study: StudyDefinition, _ theta: ThetaSpace) throws(TunerError) {
    let options = OptionReader(study: study, description: BDATuner.description)
    bounds = theta.bounds
    mixedSteps = MixedSteps(
      steps: options.integer("inner_steps") ?? 1, mixing: options.required("mixing"), decay: options.required("decay"))
    rate = options.required("rate")
    maxSteps = options.integer("max_steps") ?? 1
    state = State(descent: FirstOrderDescent(at: theta.start), adam: Adam(dimension: theta.dimension))
    ask()
  }

  private mutating func ask() {
    state.book.withdrawAll()
    state.book.put(
      OracleRequest(.bda, warmFrom: state.lastTrial, needs: [.g, .z], mixedSteps: mixedSteps),
      at: state.descent.point, notes: ["step": .integer(state.descent.steps)])
  }

  mutating func answered(_ ask: OracleAsk, _ answer: OracleAnswer, _ trial: TrialNumber) {
    guard let z = answer.z else { return }
    state.lastTrial = trial
    state.descent.move(to: bounds.projecting(state.adam.step(from: state.descent.point, z, rate: rate)))
    if state.descent.steps >= maxSteps { return finish(.budget, "\(maxSteps) steps were taken") }
    self.ask()
  }

  mutating func failed(_ ask: OracleAsk) {
    if state.descent.fail() { self.ask() } else { finish(.cancelled, "the oracle failed again and again") }
  }
}
