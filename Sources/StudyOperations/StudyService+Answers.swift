public import TuningModel

extension StudyService: AnswerKeeper {
  /// The answer that was kept under a key in the last 24 hours.
  public func keptAnswer(to key: String) async throws(StudyError) -> KeptAnswer? {
    try await sessions.checkOpen()
    return try await store.answer(to: key, since: clock.now.advanced(bySeconds: -RepeatableWrite.keptSeconds))
  }

  /// Keeps the answer to a write that changed nothing.
  public func keep(_ answer: StudyAnswer, to write: RepeatableWrite) async throws(StudyError) -> KeptAnswer {
    let kept = write.answer(answer, at: clock.now)
    try await store.keep(kept)
    write.note(kept)
    return kept
  }
}

/// Removes answers that are kept no longer, now and then.
actor AnswerCleaner {
  /// How many are removed in one transaction, so that no write waits long for it.
  private static let batch = 1_000
  private static let pauseNanoseconds: UInt64 = 60_000_000_000

  private let store: any StudyStore
  private let clock: any StudyClock
  private var next: UInt64 = 0

  init(_ store: any StudyStore, _ clock: any StudyClock) {
    self.store = store
    self.clock = clock
  }

  /// Removes them, unless that was done within the last minute.
  func clean() async {
    let now = clock.monotonicNanoseconds
    if now < next { return }
    next = now &+ Self.pauseNanoseconds
    let time = clock.now.advanced(bySeconds: -RepeatableWrite.keptSeconds)
    // Where the store does not answer, it is tried again after the pause.
    while let count = try? await store.removeAnswers(before: time, limit: Self.batch), count == Self.batch {}
  }
}
