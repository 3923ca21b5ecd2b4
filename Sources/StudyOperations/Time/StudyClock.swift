public import TuningModel

/// The time by which studies run: wall time for what is stored and shown, monotonic time for deadlines.
///
/// Deadlines are never computed from wall time, so a clock that is set while the service runs expires nothing.
public protocol StudyClock: Sendable {
  /// The wall time.
  var now: Timestamp { get }
  /// Nanoseconds since some fixed moment; never goes back.
  var monotonicNanoseconds: UInt64 { get }
  /// Ends once the monotonic time has reached a deadline, or the calling task is cancelled.
  func wait(until deadline: UInt64) async
}
