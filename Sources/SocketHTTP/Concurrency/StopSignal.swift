/// Something that happens once and that tasks can wait for.
final class StopSignal: Sendable {
  private struct State {
    var fired = false
    var waiters: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Locked(State())

  /// Returns once the signal has been fired, at once when it has been already.
  func wait() async {
    await withCheckedContinuation { continuation in
      let fired = state.withLock { state in
        if !state.fired { state.waiters.append(continuation) }
        return state.fired
      }
      if fired { continuation.resume() }
    }
  }

  func fire() {
    let waiters = state.withLock { state in
      defer { state.waiters = [] }
      state.fired = true
      return state.waiters
    }
    for waiter in waiters { waiter.resume() }
  }
}
