/// What an answered write survives.
public enum Durability: String, Hashable, Sendable, CaseIterable {
  /// The loss of power: every transaction is on the disk before its answer (`synchronous=FULL`).
  case full
  /// The end of the process, but the loss of power may take the last moments (`synchronous=NORMAL`).
  case relaxed

  /// The value of SQLite's `synchronous` pragma.
  var synchronous: Int {
    switch self {
    case .full: 2
    case .relaxed: 1
    }
  }
}
