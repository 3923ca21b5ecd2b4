import TuningModel

/// Repeats a request for as long as its failure is likely to pass.
struct Persistence: Sendable {
  /// How long to go on after the first failure.
  var patience: Duration
  /// How long to go on after the gate has opened.
  var patienceWhenOpen: Duration
  /// Opens when there is less time.
  let gate: Gate
  /// Hears of the first failure of a request that is then repeated.
  let notice: @Sendable (StudyError) -> Void

  /// Sends the request until it succeeds, fails for good, or patience ends.
  func run<Answer: Sendable>(
    _ request: @Sendable () async throws(StudyError) -> Answer
  ) async throws(StudyError) -> Answer {
    var pause = Duration.milliseconds(250)
    var firstFailure: ContinuousClock.Instant?
    var opened: ContinuousClock.Instant?
    while true {
      do throws(StudyError) {
        return try await request()
      } catch {
        let now = ContinuousClock.now
        if gate.isOpen { opened = opened ?? now }
        let first = firstFailure ?? now
        guard error.mayPass, now - first < patience, opened.map({ now - $0 < patienceWhenOpen }) ?? true else {
          throw error
        }
        if firstFailure == nil { notice(error) }
        firstFailure = first
        if opened == nil { await gate.sleep(pause) } else { try? await Task.sleep(for: .milliseconds(250)) }
        pause = min(pause * 2, .seconds(15))
      }
    }
  }
}

extension StudyError {
  /// Whether the same request may succeed a little later.
  var mayPass: Bool {
    switch code {
    case .unavailable, .unreachable, .unexpectedAnswer, .storageFull: true
    default: false
    }
  }
}
