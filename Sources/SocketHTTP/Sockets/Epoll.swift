import CEpoll
import Glibc

/// A level-triggered epoll instance.
struct Epoll: Sendable {
  /// Conditions of a descriptor.
  struct Events: OptionSet {
    let rawValue: UInt32

    static let readable = Events(rawValue: EPOLLIN.rawValue)
    static let writable = Events(rawValue: EPOLLOUT.rawValue)
    /// The peer closed its direction.
    static let peerClosed = Events(rawValue: EPOLLRDHUP.rawValue)
    /// Both directions are closed, or an error is pending; always reported.
    static let broken = Events(rawValue: EPOLLHUP.rawValue | EPOLLERR.rawValue)
  }

  private let descriptor: Int32

  init() throws(SystemError) {
    descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard descriptor >= 0 else { throw SystemError("epoll_create1") }
  }

  func add(_ id: ConnectionID, _ events: Events) throws(SystemError) {
    try control(EPOLL_CTL_ADD, id, events)
  }

  func modify(_ id: ConnectionID, _ events: Events) throws(SystemError) {
    try control(EPOLL_CTL_MOD, id, events)
  }

  func remove(_ id: ConnectionID) throws(SystemError) {
    try control(EPOLL_CTL_DEL, id, [])
  }

  /// Waits for events and returns how many there are; none also after a signal.
  func wait(into events: inout [epoll_event], timeout: Int32) throws(SystemError) -> Int {
    let count = epoll_wait(descriptor, &events, Int32(events.count), timeout)
    if count < 0 && errno != EINTR { throw SystemError("epoll_wait") }
    return max(0, Int(count))
  }

  func close() {
    Glibc.close(descriptor)
  }

  private func control(_ operation: Int32, _ id: ConnectionID, _ events: Events) throws(SystemError) {
    guard cepoll_control(descriptor, operation, id.descriptor, events.rawValue, id.token) == 0 else {
      throw SystemError("epoll_ctl")
    }
  }
}
