import Synchronization

/// The number of open connections, which the event loop sets and others read.
final class ConnectionTally: Sendable {
  private let count = Atomic<Int>(0)

  var value: Int { count.load(ordering: .relaxed) }

  func set(_ value: Int) { count.store(value, ordering: .relaxed) }
}
