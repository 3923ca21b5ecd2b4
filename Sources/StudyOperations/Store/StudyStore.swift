public import TuningModel

/// Where studies are kept.
///
/// A store takes no decisions: it keeps what it is given, holds it to the sequence of events, and reads it back. A write
/// answers only once it will survive the end of the process. Any operation may fail with `storage_failed`.
public protocol StudyStore: Sendable {
  /// Keeps a new study, and the answer to the write that it is.
  ///
  /// - Throws: `study_exists` when the name is taken.
  func create(_ study: Study, answer: KeptAnswer?) async throws(StudyError) -> StoredStudy

  /// Keeps a change in one transaction.
  ///
  /// - Throws: `stale` when the study's last event is not the one that the change expects, and
  ///   `study_not_found` when it is gone; the change has then left no trace. After any other error the writer must
  ///   read the study again, since it cannot know what was kept.
  func commit(_ change: StudyChange) async throws(StudyError)

  /// Removes a study with all its trials and events, and keeps the answer to the write that this is.
  ///
  /// - Throws: `study_not_found` when it is gone, `stale` when it has another revision than the one given.
  func delete(_ study: StudyID, revision: Int?, answer: KeptAnswer?) async throws(StudyError)

  /// The number and the revision of the study of that name, though its definition may not be readable.
  func identity(named name: String) async throws(StudyError) -> StudyIdentity?

  /// The study of that name.
  ///
  /// - Throws: `study_unreadable` where this version does not accept its definition; so do all reads of a study's parts.
  func study(named name: String) async throws(StudyError) -> StoredStudy?

  /// The studies whose names come after `name` in the order of their bytes, at most `limit`, each with the number of
  /// its trials by state; those too that cannot be read.
  func studies(after name: String?, limit: Int) async throws(StudyError) -> [ListedStudy]

  /// The study of that name with the number of its trials by state.
  func summary(named name: String) async throws(StudyError) -> StudySummary?

  /// What a session needs to start with, all of one moment.
  func roster(named name: String) async throws(StudyError) -> StoredRoster?

  /// The leases of all trials under way, of all studies that have any.
  func leases() async throws(StudyError) -> [StoredLeases]

  /// The trials of a selection after a place in its order, at most `limit`.
  func trials(
    of study: StoredStudy, _ selection: TrialSelection, after place: TrialPlace?, limit: Int
  ) async throws(StudyError) -> [Trial]

  /// The eligible trial with the least cost; of equal ones that with the lower number.
  func best(of study: StoredStudy) async throws(StudyError) -> Trial?

  /// The eligible trials with a cost in the order of their ends.
  func costs(of study: StoredStudy) async throws(StudyError) -> [TrialCost]

  /// The values of these metrics of every eligible trial, by number.
  func values(
    of study: StoredStudy, metrics: [String]
  ) async throws(StudyError) -> [(number: TrialNumber, values: [Double])]

  /// One trial.
  func trial(_ number: TrialNumber, of study: StoredStudy) async throws(StudyError) -> Trial?

  /// The reports on a trial in the order of the log; none where there is no such trial.
  func reports(on number: TrialNumber, of study: StoredStudy) async throws(StudyError) -> [TrialReport]

  /// The events after a place in the log, at most `limit`, in their order.
  func events(
    of study: StoredStudy, after sequence: Int, limit: Int
  ) async throws(StudyError) -> [RecordedEvent]

  /// The entries after a place in a study's log as those who watch it receive them, at most `limit`; none where there is
  /// no study.
  func notices(of study: StudyID, after sequence: Int, limit: Int) async throws(StudyError) -> [StudyNotice]

  /// The last snapshot that was kept.
  func snapshot(of study: StudyID) async throws(StudyError) -> StudySnapshot?

  /// Keeps a snapshot in place of the one before, in a transaction of its own; nothing happens when the study is gone.
  func keep(_ snapshot: StudySnapshot, of study: StudyID) async throws(StudyError)

  /// The checkpoints of a study that were deleted.
  func deletedCheckpoints(of study: StudyID) async throws(StudyError) -> Set<String>

  /// Notes that checkpoints of a study were deleted; nothing happens when the study is gone.
  func noteDeleted(_ checkpoints: [String], of study: StudyID, at time: Timestamp) async throws(StudyError)

  /// The answer that was kept under a key at this time or later.
  func answer(to key: String, since time: Timestamp) async throws(StudyError) -> KeptAnswer?

  /// Keeps an answer in a transaction of its own.
  func keep(_ answer: KeptAnswer) async throws(StudyError)

  /// Removes answers that were given before a time, at most `limit`.
  ///
  /// - Returns: how many there were.
  func removeAnswers(before time: Timestamp, limit: Int) async throws(StudyError) -> Int

  /// Finishes what is under way and lets go of the storage; every later operation fails with `unavailable`.
  func close() async
}

extension StudyStore {
  /// Keeps a new study.
  public func create(_ study: Study) async throws(StudyError) -> StoredStudy { try await create(study, answer: nil) }

  /// Removes a study with all its trials and events.
  public func delete(_ study: StudyID, revision: Int?) async throws(StudyError) {
    try await delete(study, revision: revision, answer: nil)
  }

  /// The trials numbered after `number`, of one state where it is given, at most `limit`, in the order of their numbers.
  public func trials(
    of study: StoredStudy, state: TrialState?, after number: TrialNumber, limit: Int
  ) async throws(StudyError) -> [Trial] {
    let selection = TrialSelection(states: state.map { [$0] } ?? [])
    return try await trials(of: study, selection, after: TrialPlace(number: number), limit: limit)
  }
}
