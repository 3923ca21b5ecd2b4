import Foundation

/// Values that some announce and others, tasks all of them, wait for in turn.
final class Announcement<Value: Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private var values: [Value] = []
  private var waiters: [CheckedContinuation<Value, Never>] = []

  func callAsFunction(_ value: Value) {
    let waiter: CheckedContinuation<Value, Never>? = lock.withLock {
      if waiters.isEmpty {
        values.append(value)
        return nil
      }
      return waiters.removeFirst()
    }
    waiter?.resume(returning: value)
  }

  /// The next value announced, or one announced already that nobody has had.
  @discardableResult func next() async -> Value {
    await withCheckedContinuation { continuation in
      let value: Value? = lock.withLock {
        if values.isEmpty {
          waiters.append(continuation)
          return nil
        }
        return values.removeFirst()
      }
      if let value { continuation.resume(returning: value) }
    }
  }

  /// As many values as asked for.
  func next(_ count: Int) async -> [Value] {
    var values: [Value] = []
    for _ in 0..<count { values.append(await next()) }
    return values
  }
}
