import TuningModel

extension RepeatableWrite {
  /// Stores something together with the answer to the write that the present task carries out, where it may be repeated.
  static func keeping(
    _ answer: StudyAnswer?, at time: Timestamp, isolation: isolated (any Actor)? = #isolation,
    _ store: (KeptAnswer?) async throws(StudyError) -> Void
  ) async throws(StudyError) {
    guard let write = current, let answer else { return try await store(nil) }
    let kept = write.answer(answer, at: time)
    try await store(kept)
    write.note(kept)
  }
}
