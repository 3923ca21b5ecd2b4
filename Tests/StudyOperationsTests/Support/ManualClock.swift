import Foundation
import StudyOperations
import TuningModel

/// A clock that goes on only when it is told to, or with every look at it.
final class ManualClock: StudyClock, @unchecked Sendable {
  private let lock = NSLock()
  private var wall: Timestamp = Timestamp(milliseconds: 1_700_000_000_000)
  private var monotonic: UInt64 = 1_000_000_000
  private var waits: [(deadline: UInt64, id: Int, resume: @Sendable () -> Void)] = []
  private var lastWait = 0
  private var tickSeconds = 0.0
  private var lookCount = 0

  var now: Timestamp { lock.withLock { wall } }
  var monotonicNanoseconds: UInt64 {
    let tick = lock.withLock {
      lookCount += 1
      return tickSeconds
    }
    if tick > 0 { advance(seconds: tick) }
    return lock.withLock { monotonic }
  }

  /// How often somebody has looked at its monotonic time.
  var looks: Int { lock.withLock { lookCount } }

  /// The same once nobody has looked for 50 ms: who ends a request looks a little later than its answer comes.
  func settledLooks() async throws -> Int {
    var before = -1
    while looks != before {
      before = looks
      try await Task.sleep(for: .milliseconds(50))
    }
    return before
  }

  /// Lets the time go on by so many seconds whenever somebody looks at it.
  func tick(seconds: Double) { lock.withLock { tickSeconds = seconds } }

  func advance(seconds: Double) {
    let due = lock.withLock {
      wall = wall.advanced(bySeconds: seconds)
      monotonic += UInt64(seconds * 1_000_000_000)
      defer { waits.removeAll { $0.deadline <= monotonic } }
      return waits.filter { $0.deadline <= monotonic }
    }
    for wait in due { wait.resume() }
  }

  /// How many wait for the time to go on.
  var waiting: Int { lock.withLock { waits.count } }

  func wait(until deadline: UInt64) async {
    let id = lock.withLock {
      lastWait += 1
      return lastWait
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = lock.withLock {
          if deadline <= monotonic || Task.isCancelled { return true }
          waits.append((deadline, id, { continuation.resume() }))
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      let resume = lock.withLock {
        defer { waits.removeAll { $0.id == id } }
        return waits.first { $0.id == id }?.resume
      }
      resume?()
    }
  }

  /// Sets the wall time, as an administrator would; monotonic time does not notice.
  func jump(seconds: Double) { lock.withLock { wall = wall.advanced(bySeconds: seconds) } }
}
