import Synchronization

/// A number that only grows; adding to it takes no lock.
public final class Counter: Sendable {
  private let total = Atomic<UInt64>(0)

  /// Creates a counter at 0.
  public init() {}

  /// Adds to it.
  public func add(_ count: Int = 1) { total.wrappingAdd(UInt64(max(0, count)), ordering: .relaxed) }

  /// The number so far.
  public var value: Double { Double(total.load(ordering: .relaxed)) }
}
