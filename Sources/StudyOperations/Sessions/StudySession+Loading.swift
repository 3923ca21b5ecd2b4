import TuningModel

extension StudySession {
  /// The number of events that are read at a time.
  private static let pageSize = 1_000

  /// What the study's events up to its last come to, from a snapshot where there is a sound one.
  func fold(of study: StoredStudy) async throws(StudyError) -> Fold {
    var fold = try await emptyFold(of: study)
    if let snapshot = try await store.snapshot(of: study.id), snapshot.sequence <= study.lastSequence {
      let empty = fold
      fold = await chores.run { empty.restored(from: snapshot) } ?? empty
    }
    snapshotPace.start(at: fold.sequence)
    return try await extend(fold, to: study)
  }

  /// The tuner before its first event, of the type that was chosen at creation.
  private func emptyFold(of study: StoredStudy) async throws(StudyError) -> Fold {
    var definition = study.original
    definition.tuner.name = study.study.tunerName
    let (named, catalog) = (definition, catalog)
    let result = await chores.run { () -> Result<Fold, TunerError> in
      do throws(TunerError) {
        return .success(Fold(named, try catalog.tuner(for: named)))
      } catch {
        return .failure(error)
      }
    }
    do throws(TunerError) { return try result.get() } catch { throw StudyError(error) }
  }

  private func extend(_ start: Fold, to study: StoredStudy) async throws(StudyError) -> Fold {
    var fold = start
    while fold.sequence < study.lastSequence {
      let limit = min(Self.pageSize, study.lastSequence - fold.sequence)
      let events = try await store.events(of: study, after: fold.sequence, limit: limit)
      guard events.count == limit else {
        throw StudyError(
          .storageFailed, "The log of the study \"\(name)\" lacks events after number \(fold.sequence).")
      }
      let before = fold
      fold = await chores.run {
        var next = before
        next.observe(events)
        return next
      }
    }
    return fold
  }
}
