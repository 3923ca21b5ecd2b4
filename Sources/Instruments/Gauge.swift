import Synchronization

/// A whole number that goes up and down; changing it takes no lock.
public final class Gauge: Sendable {
  private let current = Atomic<Int>(0)

  /// Creates a gauge at 0.
  public init() {}

  /// Adds to it, or takes away from it.
  public func add(_ change: Int) { current.wrappingAdd(change, ordering: .relaxed) }

  /// Sets it.
  public func set(_ value: Int) { current.store(value, ordering: .relaxed) }

  /// The number now.
  public var value: Double { Double(current.load(ordering: .relaxed)) }
}
