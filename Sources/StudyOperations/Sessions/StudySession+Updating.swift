import TuningModel

extension StudySession {
  /// Changes state, budget or labels.
  ///
  /// Every state may follow every other: a finished study can be opened again, with a larger budget for instance. A
  /// budget below what is spent already is accepted; nothing more is handed out then. A patch that changes nothing
  /// leaves the revision as it is.
  func update(_ patch: StudyPatch, revision: Int?) async throws(StudyError) -> StudySummary {
    let patch = try patch.checked()
    return try await step { session throws(StudyError) in
      var study = try session.known.roster.study
      if let revision, revision != study.revision { throw .otherRevision(study.name, study.revision, than: revision) }
      if let state = patch.state { study.state = state }
      if let budget = patch.budget { study.definition.budget = budget }
      if let labels = patch.labels { study.definition.labels = labels }
      if try session.known.roster.study != study {
        study.revision += 1
        var draft = try session.draft()
        draft.record(patch, study)
        let summary = StudySummary(study, counts: draft.roster.presentCounts)
        try await session.commit(draft, answering: .updated(summary))
        session.discardSuggestions()
      }
      return StudySummary(study, counts: try session.known.roster.presentCounts)
    }
  }

  /// Deletes the study with all that belongs to it; steps that wait behind this one find no study any more.
  ///
  /// It need not be readable.
  func delete(revision: Int?) async throws(StudyError) {
    try await inTurn { session throws(StudyError) in
      guard let stored = try await session.store.identity(named: session.name) else { throw .noStudy(session.name) }
      if let revision, revision != stored.revision {
        throw .otherRevision(session.name, stored.revision, than: revision)
      }
      try await RepeatableWrite.keeping(.deleted, at: session.clock.now) { (kept) throws(StudyError) in
        try await session.store.delete(stored.id, revision: revision, answer: kept)
      }
      session.board.end(stored.id)
      session.markDeleted()
    }
  }

  /// The trials with the ends that their leases have by now, which heartbeats and restarts move without storing them.
  func present(_ trials: [Trial]) -> [Trial] {
    trials.map { trial in
      var trial = trial
      guard let lease = trial.lease else { return trial }
      if let known = loaded?.roster.open[trial.number]?.trial.lease, known.token == lease.token {
        trial.lease = known
      } else if let term = keptTerms.byToken[lease.token] {
        trial.lease = term.ends(lease, by: clock)
      }
      return trial
    }
  }
}

extension Roster {
  /// The number of trials by state, without states that have none.
  var presentCounts: [TrialState: Int] { counts.filter { $0.value > 0 } }
}

extension StudyError {
  fileprivate static func otherRevision(_ study: String, _ present: Int, than revision: Int) -> StudyError {
    StudyError(.revisionConflict, "The study \"\(study)\" has revision \(present) by now, not \(revision).")
  }
}

extension StudyPatch {
  /// The patch as JSON would carry it.
  ///
  /// - Throws: `invalid` with every part that is not acceptable.
  fileprivate func checked() throws(StudyError) -> StudyPatch {
    do throws(InvalidInput) {
      var patch = self
      patch.budget = try budget.map { budget throws(InvalidInput) in
        try JSONReader.read(budget.json, at: "/budget") { Budget(reading: $0) }
      }
      patch.labels = try labels.map { labels throws(InvalidInput) in
        try JSONReader.read(.object(labels.mapValues(JSONValue.string)), at: "/labels") {
          [String: String](readingLabels: $0)
        }
      }
      return patch
    } catch {
      throw StudyError(error)
    }
  }
}
