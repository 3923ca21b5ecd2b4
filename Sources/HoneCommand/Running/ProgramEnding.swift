/// How one run of the user's program ended.
package struct ProgramEnding: Sendable {
  /// What became of the process.
  package enum Status: Hashable, Sendable {
    case exited(Int32)
    case killed(signal: Int32)
    case notStarted(String)
  }

  /// What became of the process.
  package var status: Status
  /// What it reported.
  package var reported: ReportedMetrics
  /// The last lines of its standard error.
  package var errorTail: String

  /// Creates an ending.
  package init(_ status: Status, reported: ReportedMetrics = ReportedMetrics(), errorTail: String = "") {
    self.status = status
    self.reported = reported
    self.errorTail = errorTail
  }
}

/// Why the runner stopped a program that would have gone on.
package enum Interruption: Hashable, Sendable {
  /// The run is to end.
  case stopped
  /// The study's stopping rule ends the trial.
  case pruned
  /// The trial is no longer ours: its time is up, the user ended it, or somebody else holds it.
  case leaseLost
}
