import Foundation
public import TuningModel

/// The time of the operating system; its monotonic part stands still while the machine sleeps.
public struct SystemClock: StudyClock {
  /// Creates the clock.
  public init() {}

  /// The wall time, to the millisecond.
  public var now: Timestamp { Timestamp(milliseconds: Int64(Self.nanoseconds(CLOCK_REALTIME) / 1_000_000)) }

  /// The time of `CLOCK_MONOTONIC`.
  public var monotonicNanoseconds: UInt64 { Self.nanoseconds(CLOCK_MONOTONIC) }

  /// Sleeps until then.
  public func wait(until deadline: UInt64) async {
    let now = monotonicNanoseconds
    if deadline > now { try? await Task.sleep(nanoseconds: deadline - now) }
  }

  private static func nanoseconds(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return UInt64(max(0, time.tv_sec)) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
