import NumericalMethods
import TuningModel

/// Descent by Adam along gradients that are estimated from the losses of perturbed particles.
///
/// A round asks each of N particles for its mean loss over K inner steps; particles come in pairs with opposite
/// perturbations on the same data. `pes` draws one perturbation for each round and weighs a loss by the sum of all since
/// the particle's episode of T steps began; `es_single` draws one for each episode. Episodes start at different rounds.
/// A pair that lacks an answer is left out and begins anew; a round with less than a quarter of the particles is repeated.
/// Perturbed points are moved into the box.
/// - Sources: Vicol, Metz, Sohl-Dickstein 2021, "Unbiased gradient estimation in unrolled computation graphs with persistent
///   evolution strategies", algorithm 2; Vicol 2023, "Low-variance gradient estimation in unrolled computation graphs with
///   ES-Single".
struct EvolutionMachine: OracleMachine {
  /// Two particles with opposite perturbations.
  struct Pair: Codable, Hashable, Sendable {
    /// The seed of the present perturbation, once it was drawn.
    var seed: UInt64?
    /// The sum of the perturbations of the episode before this round; of `pes`.
    var sum: [Double]
    /// Which part of the episode comes next, and how many it has.
    var unroll = 0
    var length: Int
    /// The losses of the round, first of the particle with the positive perturbation.
    var losses: [Double?] = [nil, nil]
  }

  struct State: OracleState {
    var book = AskBook()
    var ending: OracleEnding?
    var point: [Double]
    var adam: Adam
    var pairs: [Pair]
    var steps = 0
    /// The numbers of streams that perturbations were drawn from.
    var draws = 0
    /// The rounds in a row that had too few answers.
    var poorRounds = 0

    func isSound(_ d: Int) -> Bool {
      point.count == d && adam.isSound(d) && !pairs.isEmpty
        && pairs.allSatisfy { $0.sum.count == d && $0.losses.count == 2 && $0.length > 0 && $0.unroll >= 0 }
    }
  }

  private static let mostPoorRounds = 3

  let bounds: BoxBounds
  let isPersistent: Bool
  let sigma, rate: Double
  let truncation, unrolls, maxSteps: Int
  var state: State

  static let options: [TunerOption] = [
    TunerOption("particles", .integer(2...10_000), default: 10, "The number of particles, which is even."),
    TunerOption("horizon", .integer(1...1_000_000_000), default: 100, "The inner steps of an episode of training."),
    TunerOption(
      "truncation", .integer(1...1_000_000_000), default: 10, "The inner steps of one request; divides horizon."),
    TunerOption("sigma", .number(1e-9...1e6), default: 0.1, "The standard deviation of perturbations."),
    TunerOption("rate", .number(1e-9...1e3), default: 0.01, "The length of a step of theta."),
    TunerOption("max_steps", .integer(1...1_000_000_000), default: 1_000, "The most steps of theta."),
  ]

  init(_ study: StudyDefinition, _ theta: ThetaSpace) throws(TunerError) {
    isPersistent = study.tuner.name != ESSingleTuner.description.name
    let options = OptionReader(study: study, description: PESTuner.description)
    bounds = theta.bounds
    sigma = options.required("sigma")
    rate = options.required("rate")
    truncation = options.integer("truncation") ?? 1
    maxSteps = options.integer("max_steps") ?? 1
    let horizon = options.integer("horizon") ?? truncation
    let particles = options.integer("particles") ?? 2
    if particles % 2 != 0 { throw options.refuse("particles", "Must be even: particles come in pairs.") }
    if horizon % truncation != 0 { throw options.refuse("horizon", "Must be a multiple of truncation, \(truncation).") }
    unrolls = horizon / truncation
    let count = particles / 2
    let none = [Double](repeating: 0, count: theta.dimension)
    let full = unrolls
    // The first episodes are cut so that later ones start at different rounds.
    let pairs = (0..<count).map { Pair(sum: none, length: full - $0 * full / count) }
    state = State(point: theta.start, adam: Adam(dimension: theta.dimension), pairs: pairs)
    askRound()
  }

  private mutating func askRound() {
    state.book.withdrawAll()
    for index in state.pairs.indices {
      state.pairs[index].losses = [nil, nil]
      let source: Perturbation.Source
      if let seed = state.pairs[index].seed, !isPersistent {
        source = .known(seed)
      } else {
        state.draws += 1
        source = .draw(state.draws)
      }
      for twin in 0...1 {
        let pair = state.pairs[index]
        let unroll = ParticleUnroll(
          particle: 2 * index + twin, twin: 2 * index + 1 - twin, seed: 0, unroll: pair.unroll, steps: truncation,
          reset: pair.unroll == 0, sigma: sigma)
        state.book.put(
          OracleRequest(.es, needs: [.g], unroll: unroll), at: state.point, notes: ["step": .integer(state.steps)],
          perturbation: Perturbation(source: source, sign: twin == 0 ? 1 : -1, sigma: sigma))
      }
    }
  }

  mutating func started(_ ask: OracleAsk, _ request: OracleRequest) {
    guard let unroll = request.unroll, state.pairs.indices.contains(unroll.particle / 2) else { return }
    state.pairs[unroll.particle / 2].seed = unroll.seed
  }

  mutating func answered(_ ask: OracleAsk, _ answer: OracleAnswer, _ trial: TrialNumber) {
    guard let particle = ask.request.unroll?.particle, state.pairs.indices.contains(particle / 2) else { return }
    state.pairs[particle / 2].losses[particle % 2] = answer.g
    if state.book.awaited.isEmpty { endRound() }
  }

  mutating func failed(_ ask: OracleAsk) {
    if state.book.awaited.isEmpty { endRound() }
  }

  private mutating func endRound() {
    var sum = [Double](repeating: 0, count: state.point.count)
    var present = 0
    for index in state.pairs.indices {
      guard let seed = state.pairs[index].seed, let up = state.pairs[index].losses[0],
        let down = state.pairs[index].losses[1]
      else {
        state.pairs[index] = Pair(sum: Array(repeating: 0, count: state.point.count), length: unrolls)
        continue
      }
      let noise = Perturbation.normals(state.point.count, seed: seed).map { sigma * $0 }
      let direction = isPersistent ? zip(state.pairs[index].sum, noise).map { $0 + $1 } : noise
      for i in sum.indices { sum[i] += (up - down) * direction[i] }
      present += 2
      state.pairs[index].sum = direction
      state.pairs[index].unroll += 1
      if state.pairs[index].unroll >= state.pairs[index].length {
        state.pairs[index] = Pair(sum: Array(repeating: 0, count: state.point.count), length: unrolls)
      }
    }
    let gradient = sum.map { $0 / (Double(present) * sigma * sigma) }
    guard present > 0, 2 * present >= state.pairs.count, gradient.allSatisfy(\.isFinite) else {
      state.poorRounds += 1
      if state.poorRounds == Self.mostPoorRounds {
        return finish(.cancelled, "\(state.poorRounds) rounds in a row had less than a quarter of their answers")
      }
      return askRound()
    }
    state.poorRounds = 0
    state.steps += 1
    state.point = bounds.projecting(state.adam.step(from: state.point, gradient, rate: rate))
    if state.steps >= maxSteps { return finish(.budget, "\(maxSteps) steps were taken") }
    askRound()
  }
}
