import Foundation
import TuningModel

/// Tells those who watch studies that there is something to read.
///
/// It holds no events: a reader that is woken reads the store. All readers share one timer.
final class WatchBoard: @unchecked Sendable {
  /// Why a reader is woken.
  enum Wake: Sendable {
    case changed, silent, ended
  }

  private struct Entry {
    var readers = 0
    /// Counts changes, so that none is missed between reading and waiting.
    var version = 0
    var isOver = false
    var waiting: [Int: CheckedContinuation<Wake, Never>] = [:]
  }

  private let lock = NSLock()
  private var entries: [StudyID: Entry] = [:]
  private var lastWaiter = 0
  private var isClosed = false
  private var timer: Task<Void, Never>?
  private let interval: Duration

  /// - Parameter interval: after so long at the latest a waiting reader is told that nothing has happened.
  init(interval: Duration) { self.interval = interval }

  deinit { timer?.cancel() }

  /// Takes a reader in; `leave` has to follow.
  func enter(_ study: StudyID) {
    lock.withLock {
      entries[study, default: Entry()].readers += 1
      if timer == nil && !isClosed { timer = Task { [weak self, interval] in await Self.tick(interval) { self } } }
    }
  }

  /// Lets a reader go.
  func leave(_ study: StudyID) {
    lock.withLock {
      entries[study]?.readers -= 1
      if entries[study]?.readers == 0 { entries[study] = nil }
      if entries.isEmpty {
        timer?.cancel()
        timer = nil
      }
    }
  }

  /// What to compare the version with after reading.
  func version(of study: StudyID) -> Int { lock.withLock { entries[study]?.version ?? 0 } }

  /// Waits until a study has changed since it had a version.
  func wait(_ study: StudyID, since version: Int) async -> Wake {
    let id = lock.withLock {
      lastWaiter += 1
      return lastWaiter
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let wake: Wake? = lock.withLock {
          guard let entry = entries[study], !isClosed, !entry.isOver, !Task.isCancelled else { return .ended }
          if entry.version != version { return .changed }
          entries[study]?.waiting[id] = continuation
          return nil
        }
        if let wake { continuation.resume(returning: wake) }
      }
    } onCancel: {
      let waiter = lock.withLock { entries[study]?.waiting.removeValue(forKey: id) }
      waiter?.resume(returning: .ended)
    }
  }

  /// Notes that a study has changed; costs next to nothing where nobody watches it.
  func note(_ study: StudyID) {
    wake(study, .changed) { $0.version += 1 }
  }

  /// Notes that a study is no more.
  func end(_ study: StudyID) {
    wake(study, .ended) { $0.isOver = true }
  }

  /// Ends all watches, those to come included.
  func close() {
    let studies = lock.withLock {
      isClosed = true
      timer?.cancel()
      return Array(entries.keys)
    }
    for study in studies { end(study) }
  }

  private func wake(_ study: StudyID, _ reason: Wake, _ change: (inout Entry) -> Void) {
    let waiting = lock.withLock {
      guard var entry = entries[study] else { return [CheckedContinuation<Wake, Never>]() }
      change(&entry)
      let waiting = Array(entry.waiting.values)
      entry.waiting = [:]
      entries[study] = entry
      return waiting
    }
    for continuation in waiting { continuation.resume(returning: reason) }
  }

  private static func tick(_ interval: Duration, _ board: () -> WatchBoard?) async {
    while (try? await Task.sleep(for: interval)) != nil {
      guard let board = board() else { return }
      for study in board.lock.withLock({ Array(board.entries.keys) }) { board.wake(study, .silent) { _ in } }
    }
  }
}
