import TuningModel

/// Asks an oracle for the gradient at `x` = 1, 2, 3, …, two trials at a time, and goes on when both are told; after six it
/// has come to its end.
struct SerialTuner: Tuner {
  static let description = TunerDescription(name: "serial", summary: "Waits for results.", requests: [.hypergradient])
  static let suggestsAhead = false
  static let startsAtDefaultPoint = true
  private var started = 0
  private var ended = 0

  init(for study: StudyDefinition) throws(TunerError) {}

  mutating func observe(_ event: TrialEvent) {
    switch event.kind {
    case .started(_, _, attempt: 1): started += 1
    case .completed, .failed: ended += 1
    default: break
    }
  }

  func suggest(_ numbers: Range<TrialNumber>, seed: StudySeed) throws(TunerError) -> [Suggestion] {
    if ended >= 6 { throw .finished("stationary: six are enough") }
    let left = (started % 2 == 1 ? 1 : started == ended ? 2 : 0)
    if left == 0 { throw .waiting("Two are under way.") }
    return numbers.prefix(left).enumerated().map { offset, _ in
      Suggestion(
        ["x": .int(started + offset + 1)], origin: SuggestionOrigin(tuner: "serial"),
        request: OracleRequest(.hypergradient, eps: 0.5, delta: 0.25, needs: [.g, .z]))
    }
  }

  func interval(of answer: OracleAnswer, to request: OracleRequest) -> ObjectiveInterval? {
    ObjectiveInterval(low: answer.g - (request.eps ?? 0), up: answer.g + (request.eps ?? 0), certification: .monotone)
  }

  var snapshot: JSONValue { [.integer(started), .integer(ended)] }
  mutating func restore(_ snapshot: JSONValue) throws(InvalidInput) {
    let numbers = try JSONReader.read(snapshot) { $0.array()?.compactMap { $0.integer() } }
    guard numbers.count == 2 else { return }
    (started, ended) = (numbers[0], numbers[1])
  }
}
