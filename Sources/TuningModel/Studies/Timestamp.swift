import Foundation

/// A moment of wall time, in whole milliseconds, so that storing and sending it changes nothing.
public struct Timestamp: Hashable, Sendable, Comparable {
  /// Milliseconds since 1970-01-01T00:00:00Z.
  public var milliseconds: Int64

  /// Creates a moment.
  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// Orders by time.
  public static func < (a: Timestamp, b: Timestamp) -> Bool { a.milliseconds < b.milliseconds }

  /// The moment so many seconds later.
  public func advanced(bySeconds seconds: Double) -> Timestamp {
    Timestamp(milliseconds: milliseconds + Int64((seconds * 1_000).rounded()))
  }

  private static var format: Date.ISO8601FormatStyle { Date.ISO8601FormatStyle(includingFractionalSeconds: true) }

  /// ISO 8601 with milliseconds, in UTC: 2026-01-31T12:00:00.000Z.
  public var text: String {
    // A quarter of a millisecond keeps a rounding below the whole one from showing the one before.
    Date(timeIntervalSince1970: (Double(milliseconds) + 0.25) / 1_000).formatted(Self.format)
  }

  /// Reads what `text` wrote.
  public init?(text: String) {
    guard let date = try? Self.format.parse(text) else { return nil }
    milliseconds = Int64((date.timeIntervalSince1970 * 1_000).rounded())
  }
}
