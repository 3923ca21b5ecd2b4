import Foundation
import TuningModel

/// Whether the caller of a step, or of a computation, has gone away before it began.
final class CancellationNote: @unchecked Sendable {
  private let lock = NSLock()
  private var cancelled = false

  func cancel() { lock.withLock { cancelled = true } }

  /// Whether the caller has gone.
  var isCancelled: Bool { lock.withLock { cancelled } }

  /// - Throws: `unavailable` when the caller has gone.
  func check() throws(StudyError) {
    if isCancelled { throw .givenUp }
  }
}
