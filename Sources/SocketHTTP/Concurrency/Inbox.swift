import CEpoll
import Glibc

/// Messages from any thread to the event loop, which an eventfd wakes.
final class Inbox: Sendable {
  enum Message: Sendable {
    /// A handler's answer.
    case response(HTTPResponse, to: ConnectionID)
    /// A stream has something to take.
    case streamReady(ConnectionID)
    case shutDown(by: ContinuousClock.Instant)
  }

  /// Readable when there are messages.
  let descriptor: Int32

  private struct State {
    var messages: [Message] = []
    var isClosed = false
  }

  private let state = Locked(State())

  init() throws(SystemError) {
    descriptor = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
    guard descriptor >= 0 else { throw SystemError("eventfd") }
  }

  /// Leaves a message; returns false when the loop has ended.
  @discardableResult func post(_ message: Message) -> Bool {
    state.withLock { state in
      guard !state.isClosed else { return false }
      state.messages.append(message)
      // One wake-up serves all messages until the loop takes them. Inside the lock, so that the descriptor is ours.
      if state.messages.count == 1 { eventfd_write(descriptor, 1) }
      return true
    }
  }

  /// Takes all messages.
  func take() -> [Message] {
    state.withLock { state in
      defer { state.messages = [] }
      if !state.messages.isEmpty {
        var count: eventfd_t = 0
        eventfd_read(descriptor, &count)
      }
      return state.messages
    }
  }

  /// Refuses messages from now on and forgets those left.
  func close() {
    state.withLock { state in
      state.messages = []
      if !state.isClosed { Glibc.close(descriptor) }
      state.isClosed = true
    }
  }
}
