import TuningModel

/// Keeps the leases of trials alive while their programs run, and notices those that are lost or take too long.
struct LeaseKeeper: Sendable {
  /// The studies.
  let client: any StudyClient
  /// The name of the study.
  let study: String
  /// The length of a lease.
  let lease: Duration
  /// How long a trial may take; `nil` for as long as it likes.
  let timeout: Duration?
  /// The thread that everything here runs on.
  let timers: TimerThread

  /// Runs `body`, meanwhile renewing the lease; the task of `body` is cancelled when the lease is lost, when time is up
  /// or when `stop` opens.
  ///
  /// - Returns: what `body` returned, and why it was cancelled, if it was.
  func keep<Result: Sendable>(
    _ trial: Trial, stop: Gate, _ body: @escaping @Sendable () async -> Result
  ) async -> (Result, Interruption?) {
    let interruption = Guarded<Interruption?>(nil)
    let task = Task { await body() }
    let cancel: @Sendable (Interruption) -> Void = { reason in
      interruption.use { $0 = $0 ?? reason }
      task.cancel()
    }
    var registrations = [stop.whenOpen { cancel(.stopped) }]
    if let token = trial.lease?.token {
      let isBeating = Guarded(false)
      registrations.append(
        timers.repeat(every: lease / 3) {
          // A heartbeat that hangs is one heartbeat, not a queue of them.
          guard isBeating.use({ isBeating in !isBeating && { isBeating = true; return true }() }) else { return }
          defer { isBeating.use { $0 = false } }
          do throws(StudyError) {
            _ = try await client.heartbeat(study, trial.number, leaseToken: token, seconds: nil)
          } catch {
            if error.meansLeaseLost { cancel(.leaseLost) }
          }
        })
    }
    if let timeout { registrations.append(timers.repeat(every: timeout) { cancel(.timedOut) }) }
    let result = await task.value
    for registration in registrations { registration.cancel() }
    return (result, interruption.use { $0 })
  }
}

extension StudyError {
  /// Whether a trial is no longer in the hands of whoever was told so.
  var meansLeaseLost: Bool {
    switch code {
    case .leaseLost, .trialState, .trialNotFound, .studyNotFound: true
    default: false
    }
  }
}
