import NumericalMethods
import TuningModel

/// A method on its way through a study: the fold of the study's events, and the incumbent.
struct OracleCourse<Machine: OracleMachine>: OracleFold {
  private let name: String
  let theta: Machine.Space
  var machine: Machine
  var incumbent: OracleIncumbent?

  init(_ study: StudyDefinition, named name: String) throws(TunerError) {
    self.name = name
    theta = try Machine.Space(study)
    machine = try Machine(study, theta)
  }

  var ending: OracleEnding? { machine.state.ending }

  func interval(of answer: OracleAnswer, to request: OracleRequest) -> ObjectiveInterval? {
    machine.interval(of: answer, to: request)
  }

  mutating func observe(_ event: TrialEvent) {
    switch event.kind {
    case .started(let suggestion, _, attempt: 1): start(event.trial, suggestion)
    case .completed(let measurement): end(event.trial, measurement)
    case .failed, .infeasible, .pruned: end(event.trial, nil)
    case .corrected, .excluded:
      if incumbent?.trial == event.trial { incumbent = nil }
      machine.revised(event.trial)
    case .started, .enqueued, .reported, .requeued: break
    }
  }

  private mutating func start(_ trial: TrialNumber, _ suggestion: Suggestion) {
    guard suggestion.origin.tuner == name, let request = suggestion.request,
      case .number(let number)? = suggestion.origin.details?["ask"], let id = Int(exactly: number),
      let ask = machine.state.book.start(id, trial)
    else { return }
    machine.started(ask, request)
  }

  private mutating func end(_ trial: TrialNumber, _ measurement: Measurement?) {
    guard let ask = machine.state.book.end(trial) else { return }
    guard let answer = measurement?.oracle, answer.mistakes(for: ask.request, dimension: theta.dimension).isEmpty else {
      return machine.failed(ask)
    }
    var bounded = answer
    bounded.omega = machine.gradientError(of: answer, to: ask.request)
    let inside = theta.internalAnswer(bounded, at: ask.point)
    // A gradient that overflows on its way to internal coordinates is none.
    guard (inside.z ?? []).allSatisfy(\.isFinite), (inside.zBefore ?? []).allSatisfy(\.isFinite) else {
      return machine.failed(ask)
    }
    if let interval = machine.interval(of: answer, to: ask.request), interval.up.isFinite,
      interval.up < incumbent?.interval.up ?? .infinity
    {
      incumbent = OracleIncumbent(trial: trial, interval: interval)
    }
    machine.answered(ask, inside, trial)
  }

  func suggest(_ numbers: Range<TrialNumber>, seed: StudySeed) throws(TunerError) -> [Suggestion] {
    if let ending = machine.state.ending { throw .finished(ending.text) }
    let asks = machine.state.book.open.prefix(numbers.count)
    if asks.isEmpty { throw .waiting("\(name) goes on when the trials under way are told.") }
    return asks.map { ask in
      var ask = ask
      var point = ask.point
      if let perturbation = ask.perturbation, var unroll = ask.request.unroll {
        unroll.seed = perturbation.seed(of: seed)
        ask.request.unroll = unroll
        point = theta.projecting(perturbation.applied(to: point, seed: unroll.seed))
      }
      var details = ask.notes
      details["ask"] = .integer(ask.id)
      details["incumbent"] = incumbent?.json
      return Suggestion(
        theta.parameters(at: point),
        origin: SuggestionOrigin(tuner: name, acquisition: ask.request.kind.rawValue, details: .object(details)),
        request: ask.request)
    }
  }
}
