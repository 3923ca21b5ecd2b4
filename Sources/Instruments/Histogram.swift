import Synchronization

/// How long things took, by classes; noting a duration takes no lock.
public final class Histogram: Sendable {
  /// The upper ends of the classes in seconds, ascending; one more class takes what is longer.
  public let bounds: [Double]
  private let classes: [Counter]
  private let nanoseconds = Atomic<UInt64>(0)

  /// From half a millisecond to ten seconds, in steps of about 2.
  public static let standardBounds = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
  ]

  /// Creates a histogram without durations.
  public init(bounds: [Double] = Histogram.standardBounds) {
    self.bounds = bounds
    classes = (0...bounds.count).map { _ in Counter() }
  }

  /// Notes a duration.
  public func note(_ duration: Duration) {
    let seconds = duration / .seconds(1)
    classes[bounds.firstIndex { seconds <= $0 } ?? bounds.count].add()
    // Enough for five centuries.
    nanoseconds.wrappingAdd(UInt64((max(0, min(seconds, 1e6)) * 1e9).rounded()), ordering: .relaxed)
  }

  /// What was noted so far; `counts` has one class more than `bounds`, and each counts its own durations alone.
  public var state: (counts: [Double], sum: Double) {
    (classes.map(\.value), Double(nanoseconds.load(ordering: .relaxed)) / 1e9)
  }
}
