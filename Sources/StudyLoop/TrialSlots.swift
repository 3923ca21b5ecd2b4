import Synchronization

/// The places for trials that are in hand at the same time.
final class TrialSlots: Sendable {
  private struct State {
    var free: [Int]
    var waiting: [(id: Int, continuation: CheckedContinuation<Int?, Never>)] = []
    var cancelled: Set<Int> = []
    var nextID = 0
  }

  private let state: Mutex<State>

  init(_ count: Int) { state = Mutex(State(free: Array((0..<count).reversed()))) }

  /// Waits for a place and takes it.
  ///
  /// - Throws: `CancellationError`.
  func take() async throws -> Int {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    let slot: Int? = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let (isDone, slot): (Bool, Int?) = state.withLock { state in
          if state.cancelled.remove(id) != nil { return (true, nil) }
          if let slot = state.free.popLast() { return (true, slot) }
          state.waiting.append((id, continuation))
          return (false, nil)
        }
        if isDone { continuation.resume(returning: slot) }
      }
    } onCancel: {
      let continuation = state.withLock { state in
        if let index = state.waiting.firstIndex(where: { $0.id == id }) {
          return state.waiting.remove(at: index).continuation as CheckedContinuation<Int?, Never>?
        }
        state.cancelled.insert(id)
        return nil
      }
      continuation?.resume(returning: nil)
    }
    guard let slot else { throw CancellationError() }
    return slot
  }

  /// Gives a place back.
  func free(_ slot: Int) {
    let continuation = state.withLock { state -> CheckedContinuation<Int?, Never>? in
      if state.waiting.isEmpty {
        state.free.append(slot)
        return nil
      }
      return state.waiting.removeFirst().continuation
    }
    continuation?.resume(returning: slot)
  }
}
