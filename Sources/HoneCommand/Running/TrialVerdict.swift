import Foundation
package import TuningModel

/// What to do with a trial after its program has ended.
package enum TrialVerdict: Hashable, Sendable {
  /// Tell how it ended.
  case tell(TrialResult.Outcome)
  /// Give it back, to be evaluated again.
  case giveBack(reason: String)
  /// Leave it alone: it is no longer ours.
  case abandon

  /// The exit status by which a program gives its trial back: EX_TEMPFAIL of sysexits.h.
  package static let giveBackStatus: Int32 = 75

  /// Judges an ending.
  ///
  /// A result that is complete is told even where the program was to be stopped: it may have been faster.
  package init(_ ending: ProgramEnding, _ interruption: Interruption?, required: [String]) {
    // The objective follows from an oracle's answer.
    let missing = ending.reported.oracle == nil ? required.filter { ending.reported.values[$0] == nil } : []
    if ending.status == .exited(0), missing.isEmpty {
      let values = ending.reported.values
      self = .tell(
        .completed(
          Measurement(
            values, standardErrors: ending.reported.standardErrors.filter { values[$0.key] != nil },
            oracle: ending.reported.oracle)))
      return
    }
    switch interruption {
    case .stopped: self = .giveBack(reason: TrialReason.preempted)
    case .leaseLost: self = .abandon
    case .pruned: self = .tell(.pruned(reason: nil, nil))
    case nil where ending.status == .exited(Self.giveBackStatus):
      self = .giveBack(reason: "exit status \(Self.giveBackStatus)")
    // Somebody else ended it, such as a scheduler that wants the machine; 143 is what a shell makes of that.
    case nil where ending.status == .killed(signal: SIGTERM) || ending.status == .exited(128 + SIGTERM):
      self = .giveBack(reason: TrialReason.preempted)
    case nil: self = .tell(.failed(reason: Self.reason(ending, missing: missing)))
    }
  }

  /// What happened, then the last lines of standard error, then a report that could not be read.
  private static func reason(_ ending: ProgramEnding, missing: [String]) -> String {
    var parts: [String] = []
    switch ending.status {
    case .exited(0) where ending.reported.values.isEmpty:
      parts.append("exit status 0, but no metrics were reported; expected \(missing.joined(separator: ", "))")
    case .exited(0):
      parts.append("exit status 0, but these metrics were not reported: \(missing.joined(separator: ", "))")
    case .exited(let code): parts.append("exit status \(code)")
    case .killed(let signal): parts.append("killed by signal \(signal) (\(String(cString: strsignal(signal))))")
    case .notStarted(let detail): parts.append("could not be started: \(detail)")
    }
    if ending.status == .exited(0), ending.reported.hasSteps {
      parts.append("reports with a step are intermediate; the final metrics come on a line without one")
    }
    if let problem = ending.reported.problem { parts.append(problem) }
    if !ending.errorTail.isEmpty { parts.append("standard error ended with:\n\(ending.errorTail)") }
    return parts.joined(separator: "\n")
  }
}
