import TuningModel

extension StudySession {
  /// What the tuner's model believes at these points, computed on the pool.
  func predict(_ points: [Parameters]) async throws(StudyError) -> Predictions {
    let known = try await step { session throws(StudyError) in try session.known }
    let study = known.roster.stored
    let points = try Self.check(points, study.original.space)
    let tuner = known.fold.tuner
    let result = await pool.run { () -> Result<Predictions?, TunerError> in
      do throws(TunerError) {
        return .success(try tuner.predict(points, seed: study.study.seed))
      } catch {
        return .failure(error)
      }
    }
    do throws(TunerError) {
      guard var predictions = try result.get() else {
        throw TunerError.unsupported([
          InputMistake(
            pointer: "", detail: "The tuner \(study.study.tunerName) has no model to predict with.", kind: .support)
        ])
      }
      predictions.history = study.lastSequence
      return predictions
    } catch {
      throw StudyError(error)
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
