import TuningModel

/// Keeps the leases of trials alive while their programs run, and notices those that are lost.
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

  /// Runs `body`, meanwhile renewing the lease; the task of `body` is cancelled when the lease is lost, or
  /// `stop` or `prune` opens.
  ///
  /// - Returns: what `body` returned, and why it was cancelled, if it was.
  func keep<Result: Sendable>(
    _ trial: Trial, stop: Gate, prune: Gate, _ body: @escaping @Sendable () async -> Result
  ) async -> (Result, Interruption?) {
    let interruption = Guarded<Interruption?>(nil)
    let task = Task { await body() }
    let cancel: @Sendable (Interruption) -> Void = { reason in
      interruption.use { $0 = $0 ?? reason }
      task.cancel()
    }
    var registrations = [stop.whenOpen { cancel(.stopped) }, prune.whenOpen { cancel(.pruned) }]
    if let token = trial.lease?.token {
      let beat = heartbeat(trial.number, token) { cancel(.leaseLost) }
      registrations.append(timers.repeat(every: lease / 3, beat))
      // Whether time is up the engine decides; this asks it as soon as it may have done so.
      if let timeout { registrations.append(timers.repeat(every: timeout + .seconds(1), beat)) }
    }
    let result = await task.value
    for registration in registrations { registration.cancel() }
    return (result, interruption.use { $0 })
  }

  /// Renews a lease, or finds it lost.
  ///
  /// A heartbeat that hangs is one heartbeat, not a queue of them.
  private func heartbeat(
    _ trial: TrialNumber, _ token: String, whenLost: @escaping @Sendable () -> Void
  ) -> @Sendable () async -> Void {
    let isBeating = Guarded(false)
    return {
      let isFirst = isBeating.use { isBeating in
        defer { isBeating = true }
        return !isBeating
      }
      guard isFirst else { return }
      do throws(StudyError) {
        _ = try await client.heartbeat(study, trial, leaseToken: token, seconds: nil)
      } catch {
        if error.meansLeaseLost { whenLost() }
      }
      isBeating.use { $0 = false }
    }
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
