import TuningModel

extension StudySession {
  /// What the tuner's model believes at these points, computed on the pool unless the caller goes before its turn.
  func predict(_ points: [Parameters]) async throws(StudyError) -> Predictions {
    try await notingCancellation { note throws(StudyError) in
      let known = try await step(unless: note) { session throws(StudyError) in try session.known }
      let study = known.roster.stored
      let points = try Self.check(points, study.original.space)
      let result = await pool.run { [tuner = known.fold.tuner] in
        Self.prediction(of: tuner, at: points, for: study.study, unless: note)
      }
      var predictions = try result.get()
      predictions.history = study.lastSequence
      return predictions
    }
  }

  private static func prediction(
    of tuner: any Tuner, at points: [Parameters], for study: Study, unless note: CancellationNote
  ) -> Result<Predictions, StudyError> {
    if note.isCancelled { return .failure(.givenUp) }
    do throws(TunerError) {
      if let predictions = try tuner.predict(points, seed: study.seed) { return .success(predictions) }
      throw .unsupported([
        InputMistake(
          pointer: "", detail: "The tuner \(study.tunerName) has no model to predict with.", kind: .support)
      ])
    } catch {
      return .failure(StudyError(error))
    }
  }

  /// The points as the space writes them.
  private static func check(_ points: [Parameters], _ space: SearchSpace) throws(StudyError) -> [Parameters] {
    if !(1...StudyOperationLimits.predictionsAtOnce).contains(points.count) {
      throw .invalid("/points", "Must have 1 to \(StudyOperationLimits.predictionsAtOnce) points, not \(points.count).")
    }
    do throws(InvalidInput) {
      return try JSONReader.read(.array(points.map(\.json)), at: "/points") { reader in
        reader.array()?.compactMap(space.values(reading:))
      }
    } catch {
      throw StudyError(error)
    }
  }
}
