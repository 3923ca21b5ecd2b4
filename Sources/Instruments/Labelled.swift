import Foundation

/// Instruments of one kind, told apart by the values of labels; looking one up takes a lock for a moment.
public final class Labelled<Instrument: Sendable>: @unchecked Sendable {
  /// More than so many are one, with the values `other`, so that no caller can make them use up memory.
  private static var capacity: Int { 1_000 }

  private let lock = NSLock()
  private let make: @Sendable () -> Instrument
  private var instruments: [[String]: Instrument] = [:]

  /// Creates an empty collection; `make` makes an instrument when its labels are first met.
  public init(_ make: @escaping @Sendable () -> Instrument) { self.make = make }

  /// The instrument for these values of the labels.
  public subscript(labels: String...) -> Instrument {
    lock.withLock {
      if let instrument = instruments[labels] { return instrument }
      let key = instruments.count < Self.capacity ? labels : labels.map { _ in "other" }
      if let instrument = instruments[key] { return instrument }
      let instrument = make()
      instruments[key] = instrument
      return instrument
    }
  }

  /// All that there are, in the order of their labels.
  public var all: [(labels: [String], instrument: Instrument)] {
    lock.withLock { instruments.map { ($0.key, $0.value) } }
      .sorted { $0.0.lexicographicallyPrecedes($1.0) }
      .map { (labels: $0.0, instrument: $0.1) }
  }
}
