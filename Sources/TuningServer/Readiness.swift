import Foundation
import TuningModel

/// Whether the server hands out new work.
final class Readiness: Sendable {
  private let stopping = Flag()

  /// Lets the server hand out no more.
  func end() { stopping.raise() }

  /// - Throws: `unavailable` once the server is stopping.
  func check() throws(StudyError) {
    if stopping.isRaised { throw StudyError(.unavailable, "The server is stopping.") }
  }
}

/// A flag that is raised once.
final class Flag: @unchecked Sendable {
  private let lock = NSLock()
  private var raised = false

  /// Raises the flag; answers whether it was down before.
  @discardableResult
  func raise() -> Bool {
    lock.withLock {
      defer { raised = true }
      return !raised
    }
  }

  /// Whether it is raised.
  var isRaised: Bool { lock.withLock { raised } }
}
