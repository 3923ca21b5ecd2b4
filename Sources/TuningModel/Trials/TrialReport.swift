/// An intermediate measurement of a trial, and what was decided on it.
public struct TrialReport: Hashable, Sendable {
  /// What was measured; it has a step.
  public var measurement: Measurement
  /// The attempt of the trial that it belongs to.
  public var attempt: Int
  /// What its worker was told.
  public var decision: Decision

  /// Creates a report.
  public init(_ measurement: Measurement, attempt: Int, decision: Decision = .continue) {
    self.measurement = measurement
    self.attempt = attempt
    self.decision = decision
  }

  /// The progress at which it was measured.
  public var step: Int { measurement.step ?? 0 }
}

extension TrialReport {
  /// The measurements that the trial's present course consists of, in the order of their steps.
  ///
  /// Within an attempt steps increase. An attempt that goes on from a checkpoint keeps what was measured before it; one
  /// that starts anew replaces all of that.
  /// - Parameter reports: all reports of one trial in the order of the log.
  public static func course(_ reports: [TrialReport]) -> [Measurement] {
    var kept: [TrialReport] = []
    for report in reports {
      while let last = kept.last, last.step >= report.step { kept.removeLast() }
      kept.append(report)
    }
    return kept.map(\.measurement)
  }
}
