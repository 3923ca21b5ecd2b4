import Foundation
import NumericalMethods
import TuningModel

/// Projected descent along hypergradients whose accuracies follow a sequence.
///
/// One step for each gradient. The step length follows a test on the values, which has no proof; so the result is the best
/// answer, not the last. A value a fifth above the one before takes the step back, and the gradient there is asked for
/// with twice the accuracy.
/// - Source: Pedregosa 2016, "Hyperparameter optimization with approximate gradient", algorithm 1; the step rule is that of
///   its published program, without the second step that it takes.
struct HOAGMachine: OracleMachine {
  struct State: OracleState {
    /// A point whose gradient is known.
    struct Known: Codable, Hashable, Sendable {
      var point: [Double]
      var z: [Double]
      var g: Double
      var eps: Double
      var trial: TrialNumber
    }

    var book = AskBook()
    var ending: OracleEnding?
    var point: [Double]
    /// The number of gradients so far.
    var steps = 0
    /// The inverse of the step length.
    var curvature: Double?
    /// The factor of the accuracies for steps that were taken back.
    var factor = 1.0
    var known: Known?
    /// The gradient before the present point; `nil` once the step to it was taken back.
    var previous: Known?
    var isRepeated = false

    func isSound(_ d: Int) -> Bool {
      point.count == d && [known, previous].allSatisfy { $0.map { $0.point.count == d && $0.z.count == d } ?? true }
    }
  }

  /// How accuracies shrink with the number k of the step.
  enum Sequence: String, Sendable { case exponential, quadratic, cubic }

  /// The constants C and M of the step rule.
  private static let (c, m) = (0.25, 1.0)

  let bounds: BoxBounds
  let constants: LossConstants
  let sequence: Sequence
  let eps, tolerance, floor: Double
  let maxSteps: Int
  var state: State

  static let options: [TunerOption] =
    [
      TunerOption(
        "accuracy", .choice(["exponential", "quadratic", "cubic"]), default: "exponential",
        "How the accuracy of step k shrinks: as 0.9^k, 1/k^2 or 1/k^3."),
      TunerOption("eps", .number(1e-10...1e10), default: 0.1, "The factor of that sequence."),
      TunerOption(
        "tolerance", .number(0...1e10), default: 1e-6, "How short the gradient is where a point is stationary."),
      TunerOption("floor", .number(1e-300...1e10), default: 1e-12, "The accuracy at which the method ends."),
      TunerOption("max_steps", .integer(1...1_000_000_000), default: 100, "The most gradients."),
    ] + LossConstants.options

  init(_ study: StudyDefinition, _ theta: ThetaSpace) throws(TunerError) {
    let options = OptionReader(study: study, description: HOAGTuner.description)
    bounds = theta.bounds
    constants = LossConstants(options)
    sequence = options.choice("accuracy", .exponential)
    eps = options.required("eps")
    tolerance = options.required("tolerance")
    floor = options.required("floor")
    maxSteps = options.integer("max_steps") ?? 1
    state = State(point: theta.start)
    ask()
  }

  func gradientError(of answer: OracleAnswer, to request: OracleRequest) -> Double? {
    constants.gradientError(of: answer, to: request)
  }

  func interval(of answer: OracleAnswer, to request: OracleRequest) -> ObjectiveInterval? {
    constants.interval(of: answer, to: request)
  }

  private var accuracy: Double {
    let k = Double(state.steps + 1)
    let shrunk =
      switch sequence {
      case .exponential: pow(0.9, k)
      case .quadratic: 1 / (k * k)
      case .cubic: 1 / (k * k * k)
      }
    return max(floor, eps * shrunk * state.factor)
  }

  private mutating func ask() {
    let accuracy = accuracy
    state.book.withdrawAll()
    state.book.put(
      OracleRequest(
        .hypergradient, eps: accuracy, delta: accuracy, warmFrom: state.known?.trial,
        needs: [.g, .gradGNorm, .z, .epsHat, .deltaHat]),
      at: state.point, notes: ["step": .integer(state.steps), "eps": .number(accuracy)])
  }

  mutating func answered(_ ask: OracleAsk, _ answer: OracleAnswer, _ trial: TrialNumber) {
    guard let z = answer.z else { return }
    let reached = answer.epsHat ?? ask.request.eps ?? 0
    let present = State.Known(point: state.point, z: z, g: answer.g, eps: reached, trial: trial)
    state.steps += 1
    state.isRepeated = false
    let length = bounds.stationarity(at: state.point, z)
    if length + (answer.omega ?? 0) <= tolerance {
      return finish(.stationary, "the gradient is \(length + (answer.omega ?? 0)) long")
    }
    if state.steps >= maxSteps { return finish(.budget, "\(state.steps) gradients were taken") }
    if ask.request.eps ?? .infinity <= floor {
      return finish(.accuracyFloor, "accuracy has come down to \(floor) before the gradient, which is \(length) long")
    }
    let curvature = state.curvature ?? max(euclideanNorm(z), .leastNormalMagnitude)
    state.curvature = curvature
    if let previous = state.previous {
      let way = distance(state.point, previous.point)
      let bound =
        previous.g + Self.c * reached + previous.eps * (Self.c + Self.m) * way - curvature * way * way
      if present.g <= bound {
        state.curvature = 0.95 * curvature
      } else if present.g >= previous.g + 0.2 * previous.g.magnitude {
        state.curvature = 2 * curvature
        state.factor /= 2
        state.point = previous.point
        state.known = present
        state.previous = nil
        return self.ask()
      }
    }
    step(from: present)
  }

  private mutating func step(from known: State.Known) {
    state.known = known
    state.previous = known
    state.point = bounds.stepping(from: known.point, along: known.z, 1 / (state.curvature ?? 1))
    ask()
  }

  mutating func failed(_ ask: OracleAsk) {
    if !state.isRepeated {
      state.isRepeated = true
      self.ask()
    } else if let previous = state.previous {
      state.isRepeated = false
      state.curvature = 2 * (state.curvature ?? 1)
      let half = bounds.stepping(from: previous.point, along: previous.z, 1 / (state.curvature ?? 1))
      if half == state.point { return finish(.cancelled, "no shorter step is left where the oracle fails") }
      step(from: previous)
    } else {
      finish(.cancelled, "the gradient failed twice where no step can be taken back")
    }
  }

  mutating func revised(_ trial: TrialNumber) {
    guard let known = state.known, known.trial == trial else { return }
    state.ending = nil
    state.point = known.point
    state.known = nil
    state.previous = nil
    ask()
  }
}
