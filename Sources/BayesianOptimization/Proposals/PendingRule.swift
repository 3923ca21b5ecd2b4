/// How unfinished trials enter the choice of the next point.
enum PendingRule: String, CaseIterable, Sendable {
  /// The utility is averaged over what they may bring.
  case fantasies
  /// They are believed to bring what the surrogate expects of them.
  case believer
}
