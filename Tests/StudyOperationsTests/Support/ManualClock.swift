import Foundation
import StudyOperations
import TuningModel

/// A clock that goes on only when it is told to.
final class ManualClock: StudyClock, @unchecked Sendable {
  private let lock = NSLock()
  private var wall: Timestamp = Timestamp(milliseconds: 1_700_000_000_000)
  private var monotonic: UInt64 = 1_000_000_000

  var now: Timestamp { lock.withLock { wall } }
  var monotonicNanoseconds: UInt64 { lock.withLock { monotonic } }

  func advance(seconds: Double) {
    lock.withLock {
      wall = wall.advanced(bySeconds: seconds)
      monotonic += UInt64(seconds * 1_000_000_000)
    }
  }

  /// Sets the wall time, as an administrator would; monotonic time does not notice.
  func jump(seconds: Double) { lock.withLock { wall = wall.advanced(bySeconds: seconds) } }
}
