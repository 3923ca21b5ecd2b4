import TuningModel

extension StudySession {
  /// The checkpoints that must stay: those that the tuner may ask to go on from, and that of the best trial.
  func neededCheckpoints() async throws(StudyError) -> Set<String> {
    try await step { session throws(StudyError) in try await session.stillNeeded() }
  }

  /// Notes that checkpoints were deleted.
  ///
  /// What is not needed now never will be, so nothing can come between.
  func noteDeleted(_ checkpoints: [String]) async throws(StudyError) {
    if !(1...StudyOperationLimits.trialsAtOnce).contains(checkpoints.count) {
      throw .invalid("/deleted", "Must have 1 to \(StudyOperationLimits.trialsAtOnce) names, not \(checkpoints.count).")
    }
    try await step { session throws(StudyError) in
      let needed = try await session.stillNeeded()
      var mistakes: [InputMistake] = []
      for (index, checkpoint) in checkpoints.enumerated() {
        let objection =
          needed.contains(checkpoint)
          ? "Is still wanted: a trial may be asked to go on from it, or it is the best."
          : Measurement([:], checkpoint: checkpoint).checkpointObjection
        if let objection { mistakes.append(InputMistake(pointer: "/deleted/\(index)", detail: objection)) }
      }
      if !mistakes.isEmpty { throw StudyError(InvalidInput(mistakes)) }
      try await session.store.noteDeleted(checkpoints, of: try session.known.roster.stored.id, at: session.clock.now)
    }
  }

  private func stillNeeded() async throws(StudyError) -> Set<String> {
    let known = try known
    guard var needed = known.fold.tuner.neededCheckpoints else {
      throw StudyError(
        .unsupported, "The tuner \(known.roster.study.tunerName) goes on from no checkpoints, so it keeps none.")
    }
    if let best = try await store.best(of: known.roster.stored)?.measurement?.checkpoint { needed.insert(best) }
    return needed
  }
}
