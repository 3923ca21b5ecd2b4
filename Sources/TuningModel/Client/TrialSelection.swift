/// Which trials of a study are wanted, and in which order.
public struct TrialSelection: Hashable, Sendable {
  /// Only those in one of these states; all where there are none.
  public var states: [TrialState]
  /// Only those that this worker holds, or held last.
  public var worker: String?
  /// The order.
  public var order: TrialOrder
  /// Whether they come with their intermediate measurements.
  public var withMeasurements: Bool

  /// Creates a selection.
  public init(
    states: [TrialState] = [], worker: String? = nil, order: TrialOrder = TrialOrder(.number),
    withMeasurements: Bool = false
  ) {
    self.states = states
    self.worker = worker
    self.order = order
    self.withMeasurements = withMeasurements
  }
}

/// An order of trials.
///
/// Trials that lack what they are ordered by come last, by number. Of equal ones that with the lower number comes first; in
/// a descending order that with the higher one.
public struct TrialOrder: Hashable, Sendable {
  /// What trials are ordered by.
  public enum Key: String, Hashable, Sendable, CaseIterable {
    /// Their numbers.
    case number
    /// The objective of completed trials, the best first, whether or not they keep the outcome constraints.
    case value
    /// The time of their end.
    case finished
  }

  /// What they are ordered by.
  public var key: Key
  /// Whether the last comes first.
  public var isDescending: Bool

  /// Creates an order.
  public init(_ key: Key, descending isDescending: Bool = false) {
    self.key = key
    self.isDescending = isDescending
  }

  /// Every order there is.
  public static var all: [TrialOrder] {
    Key.allCases.flatMap { [TrialOrder($0), TrialOrder($0, descending: true)] }
  }

  /// The name on the wire: the key, with a hyphen before it where the last comes first.
  public var text: String { (isDescending ? "-" : "") + key.rawValue }

  /// Reads what `text` wrote.
  public init?(text: String) {
    let isDescending = text.hasPrefix("-")
    guard let key = Key(rawValue: String(text.dropFirst(isDescending ? 1 : 0))) else { return nil }
    self.init(key, descending: isDescending)
  }
}
