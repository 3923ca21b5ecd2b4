import Foundation
import TuningModel

/// Whether the caller of a step has gone away before the step began.
final class CancellationNote: @unchecked Sendable {
  private let lock = NSLock()
  private var isCancelled = false

  func cancel() { lock.withLock { isCancelled = true } }

  /// - Throws: `unavailable` when the caller has gone.
  func check() throws(StudyError) {
    if lock.withLock({ isCancelled }) {
      throw StudyError(.unavailable, "The request was given up before it was carried out.")
    }
  }
}
