import BestResponse
import TuningModel

/// Descent of a network's hyperparameters while the network is trained once, along what its weights' response tells.
///
/// Each ask is a turn of the client's training: steps of the weights, then the derivatives of the validation loss by λ and
/// σ. λ and σ then move by Adam, as in training in process. First the weights warm up. A client that has lost its weights
/// warms new ones up, at the λ that were reached.
/// - Source: MacKay, Vicol, Lorraine, Duvenaud, Grosse 2019, "Self-tuning networks: bilevel optimization of hyperparameters
///   using structured best-response functions", algorithm 1.
struct SelfTuningMachine: OracleMachine {
  struct State: OracleState {
    var book = AskBook()
    var ending: OracleEnding?
    var tuned: PerturbedHyperparameters
    /// The steps of the weights' warm-up taken.
    var warmed = 0
    /// The steps of λ taken.
    var steps = 0
    /// The failures in a row.
    var failures = 0
    var lastTrial: TrialNumber?

    func isSound(_ d: Int) -> Bool {
      tuned.isSound(d) && [warmed, steps, failures].allSatisfy { $0 >= 0 }
        && book.awaited.allSatisfy { ask in
          ask.request.turn.map { $0.lambdas.count == d && $0.sigmas.count == d } ?? false
        }
    }
  }

  let optimiser: Optimiser
  let tau: Double
  let learnsDeviation: Bool
  let warmUp, warmUpInterval, trainSteps, validationSteps, maxSteps: Int
  var state: State

  static let options: [TunerOption] = [
    TunerOption(
      "warm_up_steps", .integer(0...1_000_000_000), default: 0,
      "The steps of the weights before any of the hyperparameters."),
    TunerOption(
      "warm_up_interval", .integer(1...1_000_000_000), default: 1_000, "The most steps of one request while warming up."
    ),
    TunerOption(
      "train_steps", .integer(1...1_000_000_000), default: 2,
      "The steps of the weights before one of the hyperparameters; about 2 for networks at perturbed hyperparameters, 5 for "
        + "the centred form."),
    TunerOption(
      "validation_steps", .integer(1...1_000_000), default: 1,
      "The validation batches whose gradients make one step of the hyperparameters."),
    TunerOption(
      "tau", .number(0...1e6), default: 1e-3, "The weight of the entropy that keeps perturbations from vanishing."),
    TunerOption(
      "deviation", .number(1e-6...100), default: 0.5,
      "The standard deviation of perturbations of the unbounded coordinates to begin with."),
    TunerOption("learn_deviation", .flag, default: true, "Whether it is learned."),
    TunerOption(
      "rate", .number(1e-9...1e3), default: 0.01, "The length of a step of the unbounded coordinates, by Adam."),
    TunerOption("max_steps", .integer(1...1_000_000_000), default: 1_000, "The most steps of the hyperparameters."),
  ]

  init(_ study: StudyDefinition, _ space: ResponseSpace) throws(TunerError) {
    let options = OptionReader(study: study, description: SelfTuningTuner.description)
    optimiser = .adam(rate: options.required("rate"))
    tau = options.required("tau")
    learnsDeviation = options.flag("learn_deviation")
    warmUp = options.integer("warm_up_steps") ?? 0
    warmUpInterval = options.integer("warm_up_interval") ?? 1
    trainSteps = options.integer("train_steps") ?? 1
    validationSteps = options.integer("validation_steps") ?? 1
    maxSteps = options.integer("max_steps") ?? 1
    state = State(tuned: PerturbedHyperparameters(at: space.start, deviation: options.required("deviation")))
    ask()
  }

  private mutating func ask() {
    state.book.withdrawAll()
    let isCold = state.warmed < warmUp
    let turn = SelfTuningTurn(
      lambdas: state.tuned.lambda, sigmas: state.tuned.deviations, tau: tau,
      trainSteps: isCold ? min(warmUpInterval, warmUp - state.warmed) : trainSteps,
      validationSteps: isCold ? 0 : validationSteps)
    state.book.put(
      OracleRequest(
        .stn, warmFrom: state.lastTrial, needs: isCold ? [.g] : learnsDeviation ? [.g, .z, .zSigma] : [.g, .z],
        turn: turn),
      at: state.tuned.lambda, notes: ["step": .integer(state.steps)])
  }

  mutating func answered(_ ask: OracleAsk, _ answer: OracleAnswer, _ trial: TrialNumber) {
    guard let turn = ask.request.turn else { return }
    if turn.validationSteps == 0 || (answer.reset && warmUp > 0) {
      // What new weights tell of their response is worth nothing yet.
      state.warmed = min(warmUp, turn.trainSteps + (answer.reset ? 0 : state.warmed))
    } else {
      guard let z = answer.z else { return }
      var next = state.tuned
      next.step(
        byLambda: z, byDeviation: learnsDeviation ? answer.zSigma : nil,
        entropyWeight: Double(turn.validationSteps) * tau, optimiser: optimiser)
      // A gradient whose square overflows would be remembered for good.
      guard next.isFinite else { return failed(ask) }
      state.tuned = next
      state.steps += 1
    }
    state.failures = 0
    state.lastTrial = trial
    if state.steps >= maxSteps { return finish(.budget, "\(maxSteps) steps were taken") }
    self.ask()
  }

  mutating func failed(_ ask: OracleAsk) {
    state.failures += 1
    if state.failures >= FirstOrderDescent.mostFailures {
      return finish(.cancelled, "the oracle failed again and again")
    }
    self.ask()
  }
}
