/// One of the rights that an access token can have; none implies another.
public enum AccessScope: String, Hashable, Sendable, CaseIterable {
  /// To read studies and trials.
  case read
  /// To work on trials: ask, report, tell, heartbeat, requeue; and to read the study worked on.
  case work
  /// To create, change and delete studies, and to add and correct trials.
  case write
  /// To make and revoke tokens and to read the audit.
  case admin
}
