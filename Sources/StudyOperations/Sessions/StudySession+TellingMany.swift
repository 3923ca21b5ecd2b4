import TuningModel

extension StudySession {
  /// Takes several final results in one commit, or none of them.
  func tell(_ results: [ToldResult]) async throws(StudyError) -> [Trial] {
    try await step { session throws(StudyError) in
      var draft = try session.draft()
      var trials: [Trial] = []
      for (index, told) in results.enumerated() {
        do throws(StudyError) {
          trials.append(try await session.take(told.result, of: told.trial, in: &draft))
        } catch {
          throw error.at("/results/\(index)")
        }
      }
      if draft.events.isEmpty { return trials }
      try await session.commit(draft, answering: .told(trials))
      session.noteResult()
      return trials
    }
  }
}

extension StudyError {
  /// The error with every pointer below a place in the input.
  func at(_ pointer: String) -> StudyError {
    var error = self
    if mistakes.isEmpty {
      error.message = "\(pointer): \(message)"
      return error
    }
    error.mistakes = mistakes.map {
      InputMistake(pointer: pointer + $0.pointer, detail: $0.detail, kind: $0.kind)
    }
    return StudyError(code, InvalidInput(error.mistakes).description, mistakes: error.mistakes, trial: trial)
  }
}
