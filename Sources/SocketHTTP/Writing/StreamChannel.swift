/// Carries the bytes of a streamed body from its task to the event loop.
///
/// The loop takes what is pending when its own output has been sent; a writer that leaves more than the high-water mark
/// pending waits for that. So a slow client holds at most two such portions in memory, beside single larger writes.
final class StreamChannel: Sendable {
  /// What the loop finds.
  struct Portion {
    var bytes: [UInt8]
    var end: End?
  }

  /// How a stream ended.
  enum End: Sendable {
    case finished
    case failed
  }

  private struct State {
    var portion = Portion(bytes: [], end: nil)
    var announced = false
    var disconnected = false
    var waiters: [UInt64: CheckedContinuation<Void, any Error>] = [:]
    var nextWaiter: UInt64 = 0
  }

  private let state = Locked(State())
  private let highWaterBytes: Int
  private let announce: @Sendable () -> Void

  /// - Parameter announce: called when there is something to take, once until it is taken.
  init(highWaterBytes: Int, announce: @escaping @Sendable () -> Void) {
    self.highWaterBytes = highWaterBytes
    self.announce = announce
  }

  /// Runs what writes the body, to its end.
  func run(_ stream: ResponseStream) async {
    do {
      try await stream.produce(ResponseWriter(channel: self))
      end(.finished)
    } catch {
      end(.failed)
    }
  }

  /// Adds bytes; suspends while too many are pending.
  func write(_ bytes: some Collection<UInt8>) async throws {
    guard !bytes.isEmpty else { return }
    let (isNew, isFull) = try state.withLock { state in
      guard !state.disconnected, state.portion.end == nil else { throw ResponseWriter.Failure.clientGone }
      try Task.checkCancellation()
      state.portion.bytes.append(contentsOf: bytes)
      defer { state.announced = true }
      return (!state.announced, state.portion.bytes.count >= highWaterBytes)
    }
    if isNew { announce() }
    if isFull { try await waitForRoom() }
  }

  /// Ends the stream; only the first end counts.
  func end(_ end: End) {
    let isNew = state.withLock { state in
      guard state.portion.end == nil else { return false }
      state.portion.end = end
      defer { state.announced = true }
      return !state.announced
    }
    if isNew { announce() }
  }

  /// Takes all that is pending and lets waiting writers go on.
  func take() -> Portion {
    let (portion, waiters) = state.withLock { state in
      defer {
        state.portion.bytes = []
        state.announced = false
        state.waiters = [:]
      }
      return (state.portion, state.waiters)
    }
    for waiter in waiters.values { waiter.resume() }
    return portion
  }

  /// Lets every write from now on, and those that wait, throw.
  func disconnect() {
    let waiters = state.withLock { state in
      defer { state.waiters = [:] }
      state.disconnected = true
      state.portion.bytes = []
      return state.waiters
    }
    for waiter in waiters.values { waiter.resume(throwing: ResponseWriter.Failure.clientGone) }
  }

  private func waitForRoom() async throws {
    let number = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
        let outcome: Result<Void, any Error>? = state.withLock { state in
          if state.disconnected { return .failure(ResponseWriter.Failure.clientGone) }
          // Checked under the lock: a cancellation from here on finds the waiter.
          if Task.isCancelled { return .failure(CancellationError()) }
          if state.portion.bytes.count < highWaterBytes { return .success(()) }
          state.waiters[number] = continuation
          return nil
        }
        if let outcome { continuation.resume(with: outcome) }
      }
    } onCancel: {
      let waiter = state.withLock { $0.waiters.removeValue(forKey: number) }
      waiter?.resume(throwing: CancellationError())
    }
  }
}
