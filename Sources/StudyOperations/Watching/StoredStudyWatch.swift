public import TuningModel

/// Follows a study's log in the store.
actor StoredStudyWatch: StudyWatch {
  /// So many entries are read at once.
  private static let portion = 100

  private let study: StudyID
  private let store: any StudyStore
  private let board: WatchBoard
  private(set) var position: Int

  init(_ study: StudyID, after sequence: Int, store: any StudyStore, board: WatchBoard) {
    self.study = study
    self.store = store
    self.board = board
    position = sequence
    board.enter(study)
  }

  deinit { board.leave(study) }

  /// The next entries, once there are any.
  func next() async throws(StudyError) -> StudyWatchStep {
    while true {
      // Before reading, so that what is committed meanwhile is not waited for.
      let version = board.version(of: study)
      let found: [StudyNotice]
      do throws(StudyError) {
        found = try await store.notices(of: study, after: position, limit: Self.portion)
      } catch {
        if Task.isCancelled { return .end }
        throw error
      }
      if let last = found.last {
        position = last.sequence
        return .notices(found)
      }
      switch await board.wait(study, since: version) {
      case .changed: continue
      case .silent: return .silence
      case .ended: return .end
      }
    }
  }
}

extension StudyService: StudyWatching {
  /// Follows a study's log from after an entry on; 0 for its beginning, `nil` for its end.
  ///
  /// - Throws: `study_not_found`.
  public func watch(_ study: String, after sequence: Int?) async throws(StudyError) -> any StudyWatch {
    try await sessions.checkOpen()
    guard let stored = try await store.study(named: study) else { throw .noStudy(study) }
    // A place that the log has not reached belongs to another study of this name, now deleted.
    let start = sequence.map { $0 > stored.lastSequence ? 0 : max(0, $0) } ?? stored.lastSequence
    return StoredStudyWatch(stored.id, after: start, store: store, board: board)
  }

  /// Ends all watches, those to come included.
  public func endWatches() async { board.close() }
}
