/// Opens once, and tells those who wait for it.
final class Gate: Sendable {
  private struct State {
    var isOpen = false
    var actions: [Int: @Sendable () -> Void] = [:]
    var nextID = 0
  }

  private let state = Guarded(State())

  /// Whether it is open; it never closes again.
  var isOpen: Bool { state.use(\.isOpen) }

  /// Opens it.
  func open() {
    let actions = state.use { state in
      state.isOpen = true
      defer { state.actions = [:] }
      return state.actions.values.map { $0 }
    }
    for action in actions { action() }
  }

  /// Runs `action` when it opens; at once where it is open.
  func whenOpen(_ action: @escaping @Sendable () -> Void) -> Registration {
    let id: Int? = state.use { state in
      if state.isOpen { return nil }
      state.nextID += 1
      state.actions[state.nextID] = action
      return state.nextID
    }
    guard let id else {
      action()
      return Registration {}
    }
    return Registration { [state] in state.use { $0.actions[id] = nil } }
  }

  /// Waits until it opens.
  func opened() async {
    await withCheckedContinuation { continuation in _ = whenOpen { continuation.resume() } }
  }

  /// Waits for a time, or until the gate opens.
  func sleep(_ duration: Duration) async {
    let task = Task { try? await Task.sleep(for: duration) }
    let registration = whenOpen { task.cancel() }
    await task.value
    registration.cancel()
  }
}
