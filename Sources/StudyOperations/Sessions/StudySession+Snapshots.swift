import TuningModel

/// When a snapshot is worth its while: after a thousand events, and a quarter more than there were at the last one,
/// so that the cost for each event stays the same however long the log grows.
struct SnapshotPace: Sendable {
  private(set) var last = 0
  private(set) var isUnderWay = false

  mutating func start(at sequence: Int) {
    last = sequence
    isUnderWay = false
  }

  func isDue(at sequence: Int) -> Bool { !isUnderWay && sequence - last >= max(1_000, last / 4) }

  mutating func begin(at sequence: Int) {
    last = sequence
    isUnderWay = true
  }

  mutating func end() { isUnderWay = false }
}

extension StudySession {
  /// Writes a snapshot in the background where enough has happened since the last one.
  func snapshotWhenDue() {
    guard let loaded, snapshotPace.isDue(at: loaded.fold.sequence) else { return }
    snapshotPace.begin(at: loaded.fold.sequence)
    snapshotTask = Task { await keepSnapshot(of: loaded.fold, for: loaded.roster.stored.id) }
  }

  /// Writes a snapshot of what is known, unless there is one.
  func keepSnapshot() async {
    guard let loaded, loaded.fold.sequence > snapshotPace.last else { return }
    snapshotPace.begin(at: loaded.fold.sequence)
    await keepSnapshot(of: loaded.fold, for: loaded.roster.stored.id)
  }

  private func keepSnapshot(of fold: Fold, for study: StudyID) async {
    let snapshot = await chores.run { fold.snapshot }
    // It only spares a later start some work: where it cannot be written, the next one is tried in its time.
    try? await store.keep(snapshot, of: study)
    snapshotPace.end()
  }
}
