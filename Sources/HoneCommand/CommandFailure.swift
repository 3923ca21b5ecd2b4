package import TuningModel

/// Why the command did not do what was asked, in the words that the user reads.
package struct CommandFailure: Error, Hashable, Sendable {
  /// What was wrong, where, and what to do.
  package var message: String
  /// The exit status that tells programs so.
  package var status: ExitStatus

  /// Creates a failure.
  package init(_ status: ExitStatus, _ message: String) {
    self.message = message
    self.status = status
  }

  /// A failed study operation; `subject` names the input that its mistakes are about.
  package init(_ error: StudyError, subject: String? = nil) {
    status = ExitStatus(error.code)
    if error.mistakes.isEmpty {
      message = error.message
    } else {
      let count = error.mistakes.count == 1 ? "one mistake" : "\(error.mistakes.count) mistakes"
      message = "\(subject ?? "the request") has \(count):"
      for mistake in error.mistakes {
        message += "\n  \(mistake.pointer.isEmpty ? "(the whole)" : mistake.pointer): \(mistake.detail)"
      }
    }
  }
}
