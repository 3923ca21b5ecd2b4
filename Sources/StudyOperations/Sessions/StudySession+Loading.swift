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
  func emptyFold(of study: StoredStudy) async throws(StudyError) -> Fold {
    var definition = study.original
    definition.tuner.name = study.study.tunerName
    let (named, catalog) = (definition, catalog)
    let result = await chores.run { () -> Result<Fold, TunerError> in
      do throws(TunerError) {
        return .success(Fold(named, try catalog.tuner(for: named), try catalog.stoppingRule(for: named)))
      } catch {
        return .failure(error)
      }
    }
    do throws(TunerError) {
      return try result.get()
    } catch {
      // It was accepted once.
      throw .unreadable(study.study.name, StudyError(error))
    }
  }

  private func extend(_ start: Fold, to study: StoredStudy) async throws(StudyError) -> Fold {
    var fold = start
    while fold.sequence < study.lastSequence {
      fold = await observing(try await events(of: study, after: fold.sequence, to: study.lastSequence), fold)
    }
    return fold
  }

  /// The next events up to a place in the log, a page of them.
  func events(of study: StoredStudy, after sequence: Int, to last: Int) async throws(StudyError) -> [RecordedEvent] {
    let limit = min(Self.pageSize, last - sequence)
    let events = try await store.events(of: study, after: sequence, limit: limit)
    guard events.count == limit else {
      throw StudyError(.storageFailed, "The log of the study \"\(name)\" lacks events after number \(sequence).")
    }
    return events
  }

  /// What a fold comes to with the next events.
  func observing(_ events: [RecordedEvent], _ fold: Fold) async -> Fold {
    await chores.run {
      var next = fold
      next.observe(events)
      return next
    }
  }
}
