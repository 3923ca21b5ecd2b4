public import TuningModel

extension StudyService {
  /// Creates a study; one of the same name and definition is returned as it is.
  ///
  /// The definition counts as the same when it is the one that the study was created with, or the one that it has now
  /// that budget or labels were changed.
  /// - Throws: `malformed`, `invalid` or `unsupported` with every mistake; `study_exists`.
  public func create(_ definition: StudyDefinition) async throws(StudyError) -> CreatedStudy {
    try await sessions.checkOpen()
    // What was put together in code is checked as JSON would be; that may take a while, so not on a serving thread.
    let definition = try await chores.run { definition.soundOrNot }.get()
    if let existing = try await existing(definition) { return existing }
    let name = try await tunerName(for: definition)
    let seed = definition.tuner.seed ?? StudySeed.random(in: 0..<(1 << 53))
    let study = Study(definition: definition, seed: seed, tunerName: name, createdAt: clock.now)
    do throws(StudyError) {
      let created = CreatedStudy(StudySummary(study, counts: [:]), isNew: true)
      try await RepeatableWrite.keeping(.created(created), at: study.createdAt) { (kept) throws(StudyError) in
        _ = try await store.create(study, answer: kept)
      }
      return created
    } catch {
      // Somebody else may have been faster.
      guard error.code == .studyExists, let existing = try await existing(definition) else { throw error }
      return existing
    }
  }

  /// The study of that name if it has this definition.
  private func existing(_ definition: StudyDefinition) async throws(StudyError) -> CreatedStudy? {
    guard let stored = try await store.study(named: definition.name) else { return nil }
    guard definition == stored.original || definition == stored.study.definition else {
      throw StudyError(
        .studyExists, "There is a study \"\(definition.name)\" already, with another definition.")
    }
    guard let summary = try await store.summary(named: definition.name) else { return nil }
    return CreatedStudy(summary, isNew: false)
  }

  private func tunerName(for definition: StudyDefinition) async throws(StudyError) -> String {
    let catalog = catalog
    let result = await chores.run { () -> Result<String, TunerError> in
      do throws(TunerError) {
        return .success(type(of: try catalog.tuner(for: definition)).description.name)
      } catch {
        return .failure(error)
      }
    }
    do throws(TunerError) { return try result.get() } catch { throw StudyError(error) }
  }

  /// The studies in the order of their names, those too whose stored definition this version does not accept.
  public func studies(_ page: PageRequest) async throws(StudyError) -> Page<ListedStudy> {
    try await sessions.checkOpen()
    try page.check()
    if let token = page.token, !Name.isValid(token) { throw .invalid("/page_token", "This is no token of a page.") }
    let found = try await store.studies(after: page.token, limit: page.size + 1)
    return Page(found, size: page.size) { $0.name }
  }

  /// One study with its progress.
  public func study(_ name: String) async throws(StudyError) -> StudySummary {
    try await sessions.checkOpen()
    guard let summary = try await store.summary(named: name) else { throw .noStudy(name) }
    return summary
  }

  /// Changes state, budget or labels; with `revision`, only if the study still has that revision.
  ///
  /// Every state may follow every other, so a finished study can be made active again. A budget below what is spent
  /// already is accepted.
  public func update(
    _ name: String, _ patch: StudyPatch, revision: Int?
  ) async throws(StudyError) -> StudySummary {
    try await session(name) { session throws(StudyError) in try await session.update(patch, revision: revision) }
  }

  /// Deletes a study with all its trials; with `revision`, only if the study still has that revision.
  public func delete(_ name: String, revision: Int?) async throws(StudyError) {
    try await session(name) { session throws(StudyError) in
      try await session.delete(revision: revision)
      await sessions.drop(session)
    }
  }
}

extension StudyDefinition {
  /// The definition as JSON would carry it, or every mistake in it.
  fileprivate var soundOrNot: Result<StudyDefinition, StudyError> {
    do throws(InvalidInput) { return .success(try StudyDefinition(json)) } catch { return .failure(StudyError(error)) }
  }
}

extension PageRequest {
  /// - Throws: `invalid` when the size is out of range.
  func check() throws(StudyError) {
    if !(1...1_000).contains(size) { throw .invalid("/page_size", "Must be between 1 and 1000, not \(size).") }
  }
}

extension Page {
  /// A page of what was read with one element more than asked for, which shows whether another page follows.
  init(_ found: [Element], size: Int, token: (Element) -> String) {
    let elements = Array(found.prefix(size))
    self.init(elements, nextToken: found.count > size ? elements.last.map(token) : nil)
  }
}
